-- A guide's middle lies within 35% of what was then reported: billions and millions were not mixed up. The largest true
-- miss is Supermicro's of FY2024Q2, 31% below.
{{ config(meta={'dagster': {'ref': {'name': 'guidance'}}}) }}
select
    guided.issuer_id,
    guided.segment_id,
    guided.target_period,
    guided.mid_usd_m,
    actual.value_usd_m
from {{ ref('guidance') }} as guided
inner join {{ ref('vendor_quarters') }} as actual
    on
        guided.issuer_id = actual.vendor_id
        and guided.segment_id = actual.segment_id
        and guided.target_period = actual.fiscal_period
        and actual.metric = 'revenue'
where guided.metric = 'revenue' and abs(ln(guided.mid_usd_m / actual.value_usd_m)) > ln(1.35)
