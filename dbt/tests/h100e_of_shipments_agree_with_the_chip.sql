-- Epoch's 8-bit H100e per unit equals Epoch's own rate of the chip type to 2%: units are converted once. Where that rate is
-- not ours, quality.source_differences says so.
{{ config(meta={"dagster": {"ref": {"name": "int_chip_shipments"}}}) }}
-- depends_on: {{ ref("int_chip_shipments") }}
select
    shipments.chip_type,
    shipments.period_start,
    shipments.h100e_8bit_p50 / shipments.units_p50 as stated_ratio,
    types.ops_8bit_per_s / {{ h100_ops_8bit_per_s() }} as ratio_of_type
from {{ ref('stg_epoch_chip_shipments') }} as shipments
inner join {{ ref('stg_epoch_chip_types') }} as types on shipments.chip_type = types.chip_name
where
    shipments.units_p50 > 0
    and abs(shipments.h100e_8bit_p50 / shipments.units_p50 / (types.ops_8bit_per_s / {{ h100_ops_8bit_per_s() }}) - 1) > 0.02
