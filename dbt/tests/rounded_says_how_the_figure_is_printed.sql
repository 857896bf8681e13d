-- A figure that is read in a document and printed to the million is not called rounded.
{{ config(meta={'dagster': {'ref': {'name': 'vendor_quarters_vintages'}}}) }}
select
    vendor_id,
    segment_id,
    metric,
    fiscal_period,
    value_usd_m
from {{ ref('vendor_quarters_vintages') }}
where is_rounded and read_how is not null and value_usd_m % 100 <> 0
