{{ config(tags=['forecast_stage']) }}
-- Epoch AI's newest count; its older ones and our own estimates are in chip_shipments_by_source.
select
    shipments.designer_id,
    shipments.chip_id,
    shipments.calendar_quarter,
    shipments.period_start,
    shipments.period_end,
    shipments.estimate_vintage,
    shipments.is_incomplete,
    shipments.units_p05,
    shipments.units_p50,
    shipments.units_p95,
    shipments.h100e_16bit_p05,
    shipments.h100e_16bit_p50,
    shipments.h100e_16bit_p95,
    shipments.h100e_8bit_p05,
    shipments.h100e_8bit_p50,
    shipments.h100e_8bit_p95,
    shipments.h100e_bandwidth_p05,
    shipments.h100e_bandwidth_p50,
    shipments.h100e_bandwidth_p95,
    shipments.cost_usd_m_p50,
    shipments.power_mw_p50,
    {{ carried_provenance('shipments') }}
from {{ ref('chip_shipments_by_source') }} as shipments
where shipments.estimate_source = 'epoch' and shipments.is_latest_vintage
