-- A figure with the confidence "derived" is one computed from reported ones.
{{ config(meta={'dagster': {'ref': {'name': 'vendor_quarters_vintages'}}}) }}
select
    vendor_id,
    segment_id,
    fiscal_period
from {{ ref('vendor_quarters_vintages') }}
where confidence = 'derived' and not is_derived
