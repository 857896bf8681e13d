-- A guide's middle lies within 35% of what was then reported: billions and millions were not mixed up. The largest true
-- miss is Supermicro's of FY2024Q2, 31% below. Of capital expenditure, a year's or a quarter's guide lies within a factor of
-- 2.5 of what was then paid: Oracle's of FY2026 began at 25 billion and ended at 56, and leases stand beside cash.
{{ config(meta={'dagster': {'ref': {'name': 'guidance'}}}) }}
select
    guided.issuer_id,
    guided.segment_id,
    guided.target_period,
    guided.mid_usd_m,
    actual.value_usd_m
from {{ ref('guidance') }} as guided
inner join {{ ref('vendor_quarters_vintages') }} as actual
    on
        guided.issuer_id = actual.vendor_id
        and guided.segment_id = actual.segment_id
        and guided.target_period = actual.fiscal_period
        and actual.metric = 'revenue'
where guided.metric = 'revenue' and abs(ln(guided.mid_usd_m / actual.value_usd_m)) > ln(1.35)
union all
select
    guided.issuer_id,
    guided.basis,
    guided.target_period,
    coalesce(guided.mid_usd_m, guided.low_usd_m) as mid_usd_m,
    sum(paid.capex_usd_m) as value_usd_m
from {{ ref('guidance') }} as guided
inner join {{ ref('capex_quarters_vintages') }} as paid
    on
        guided.issuer_id = paid.company_id
        and paid.basis = 'cash'
        and paid.vintage = 'first'
        and (
            guided.target_period = paid.fiscal_period
            or guided.target_period = left(paid.fiscal_period, 6)
            or guided.target_period = 'CY' || left(paid.calendar_quarter, 4)
        )
where guided.metric = 'capex'
group by
    guided.issuer_id, guided.basis, guided.target_period, guided.issued_on, guided.given_as, guided.mid_usd_m, guided.low_usd_m
having
    count(*) = case when guided.target_period like '%Q_' then 1 else 4 end
    and abs(ln(coalesce(guided.mid_usd_m, guided.low_usd_m) / sum(paid.capex_usd_m))) > ln(2.5)
