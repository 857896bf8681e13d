-- Epoch's own 8-bit H100e per unit equals our ratio of the chip to a tenth: units are converted once.
{{ config(meta={'dagster': {'ref': {'name': 'int_chip_shipments'}}}) }}
select
    shipments.chip_id,
    shipments.period_start,
    shipments.h100e_8bit_p50 / shipments.units_p50 as epoch_ratio,
    chips.h100e_8bit
from {{ ref('int_chip_shipments') }} as shipments
inner join {{ ref('chips') }} as chips on shipments.chip_id = chips.chip_id
where shipments.units_p50 > 0 and abs(shipments.h100e_8bit_p50 / shipments.units_p50 / chips.h100e_8bit - 1) > 0.1
