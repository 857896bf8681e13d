-- Four quarters as first reported, of one definition, add to the year the company reports, to half a percent.
-- What a filing restates since differs from the year as gathered, and is news.
{{ config(meta={'dagster': {'ref': {'name': 'vendor_quarters_vintages'}}}) }}
with summed as (
    select
        vendor_id,
        segment_id,
        metric,
        definition_version,
        left(fiscal_period, 6) as fiscal_year,
        sum(value_usd_m) as quarters_usd_m,
        count(*) as quarters
    from {{ ref('vendor_quarters_vintages') }}
    where vintage = 'first' and source_id <> 'segment_filings'
    group by all
)

select
    years.*,
    summed.quarters_usd_m
from {{ ref('vendor_years') }} as years
inner join summed using (vendor_id, segment_id, metric, definition_version, fiscal_year)
where summed.quarters = 4 and abs(summed.quarters_usd_m - years.value_usd_m) > 0.005 * abs(years.value_usd_m)
