-- A company with results, or with whole-company figures, is in market.vendors.
{{ config(meta={'dagster': {'ref': {'name': 'vendors'}}}) }}
select
    results.vendor_id,
    count(*) as rows_without_vendor
from (
    select vendor_id from {{ ref('vendor_quarters_vintages') }}
    union all
    select company_id from {{ ref('company_financials_vintages') }}
) as results
left join {{ ref('vendors') }} as vendors on results.vendor_id = vendors.vendor_id
where vendors.vendor_id is null
group by results.vendor_id
