-- A figure of capital expenditure whose page has the day of its release is known from that day, not from an assumed one.
{{ config(meta={'dagster': {'ref': {'name': 'capex_quarters_vintages'}}}) }}
select
    figures.company_id,
    figures.fiscal_period,
    figures.basis,
    figures.reported_on,
    documents.reported_on as printed_on
from {{ ref('capex_quarters_vintages') }} as figures
inner join {{ ref('stg_read_results') }} as documents
    on
        figures.company_id = documents.company_id
        and figures.period_end = documents.period_end
        and figures.source_url = documents.source_url
where figures.reported_on_basis in ('upper_bound', 'assumed_lag') and documents.reported_on_basis in ('filed', 'release')
