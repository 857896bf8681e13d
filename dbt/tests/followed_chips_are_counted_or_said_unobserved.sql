-- A chip whose shipments a reader looks for has a row, counted or not.
{{ config(tags=['forecast_stage'], meta={'dagster': {'ref': {'name': 'shipment_coverage'}}}) }}
select followed.chip_id
from {{ ref('shipping_chips') }} as followed
left join {{ ref('shipment_coverage') }} as covered on followed.chip_id = covered.chip_id
where covered.chip_id is null and (select as_of from {{ ref('stg_run_context') }}) >= date '2026-09-24'
