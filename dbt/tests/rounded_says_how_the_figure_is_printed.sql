-- A figure that is read in a document and printed to the million is not called rounded, and one that ends in a zero is, unless
-- the same page prints another of its kind to the million.
{{ config(meta={'dagster': {'ref': {'name': 'vendor_quarters_vintages'}}}) }}
with pages as (
    select
        company_id,
        segment_id,
        source_url,
        unit,
        metric,
        max(value % 10) > 0 as prints_millions
    from {{ ref('stg_read_results') }}
    where unit <> 'percent' and value >= 1000
    group by company_id, segment_id, source_url, unit, metric
)

select
    figures.vendor_id,
    figures.segment_id,
    figures.metric,
    figures.fiscal_period,
    figures.reported_value,
    figures.is_rounded
from {{ ref('vendor_quarters_vintages') }} as figures
left join pages
    on
        figures.vendor_id = pages.company_id
        and figures.segment_id = pages.segment_id
        and figures.metric = pages.metric
        and figures.source_url = pages.source_url
        and figures.reported_unit = pages.unit
where
    figures.read_how is not null and not figures.is_derived
    and (
        figures.is_rounded and figures.reported_value % 10 <> 0
        or not figures.is_rounded and figures.reported_value >= 1000 and figures.reported_value % 10 = 0 and not pages.prints_millions
    )
