-- In quarters for which no mix is published, a chip of ours whose designer ships a newer one does not grow.
{{ config(tags=['forecast_stage'], meta={'dagster': {'ref': {'name': 'chip_shipments_by_source'}}}) }}
with ours as (
    select
        shipments.designer_id,
        shipments.chip_id,
        shipments.calendar_quarter,
        shipments.units_p50,
        lag(shipments.units_p50) over (
            partition by shipments.designer_id, shipments.chip_id order by shipments.period_start
        ) as units_before,
        max(chips.release_date) over (partition by shipments.designer_id, shipments.calendar_quarter) as newest_release,
        chips.release_date
    from {{ ref('chip_shipments_by_source') }} as shipments
    inner join {{ ref('chips') }} as chips on shipments.chip_id = chips.chip_id
    where shipments.estimate_source = 'chipcast'
)

select
    designer_id,
    chip_id,
    calendar_quarter,
    units_before,
    units_p50
from ours
where
    release_date < newest_release
    and units_p50 > units_before
    -- The last published mix is of 2025Q4; the quarter after it is the first without a part of it.
    and calendar_quarter >= '2026Q1'
