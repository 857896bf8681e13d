-- A company's revenue and capital expenditure that a source holds stand in a table.
{{ config(meta={'dagster': {'ref': {'name': 'vendor_quarters_vintages'}}}) }}
with published as (
    select
        vendor_id as company_id,
        period_end,
        'revenue' as metric
    from {{ ref('vendor_quarters_vintages') }}
    where segment_id = 'total' and metric = 'revenue'
    union
    select
        company_id,
        period_end,
        left(metric, 5)
    from {{ ref('company_financials') }}
    union
    select
        company_id,
        period_end,
        'capex'
    from {{ ref('capex_quarters_vintages') }}
)

select
    held.company_id,
    held.metric,
    held.period_end,
    held.value_usd_m
from {{ ref('stg_curated_company_quarterly') }} as held
left join published
    on
        held.company_id = published.company_id
        and held.period_end = published.period_end
        and left(held.metric, 5) = left(published.metric, 5)
where (held.metric = 'revenue' or held.metric like 'capex%') and published.company_id is null
