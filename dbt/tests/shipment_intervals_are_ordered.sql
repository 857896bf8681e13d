-- The low, middle and high estimate of a shipment come in this order.
select *
from {{ ref('int_chip_shipments') }}
where not (units_p05 <= units_p50 and units_p50 <= units_p95 and h100e_8bit_p05 <= h100e_8bit_p95)
