-- Epoch's shipment estimates by calendar and by fiscal quarter, on this project's chip ids, in all three H100e
-- definitions; a type of chip that no alias knows stands in quality.unknown_names instead. Epoch gives units and 8-bit H100e; the other two are units times the chip's own ratio.
with costs as (
    select
        names.chip_id,
        max(types.approx_cost_usd) as approx_cost_usd
    from {{ ref('stg_epoch_chip_types') }} as types
    inner join {{ ref('int_chip_names') }} as names
        on types.chip_name = names.alias and names.scope = 'epoch_chip_sales'
    group by names.chip_id
)

select
    shipments.designer_id,
    names.chip_id,
    shipments.period_kind,
    {{ calendar_quarter('shipments.period_start', 'shipments.period_end') }} as calendar_quarter,
    shipments.period_start,
    shipments.period_end,
    'epoch' as estimate_source,
    shipments.estimate_vintage,
    shipments.is_incomplete,
    shipments.units_p05,
    shipments.units_p50,
    shipments.units_p95,
    shipments.h100e_8bit_p05,
    shipments.h100e_8bit_p50,
    shipments.h100e_8bit_p95,
    {% for level in ['p05', 'p50', 'p95'] -%}
        shipments.units_{{ level }} * chips.flops_16bit_per_s / {{ h100_flops_16bit_per_s() }} as h100e_16bit_{{ level }},
    {% endfor -%}
    {% for level in ['p05', 'p50', 'p95'] -%}
        shipments.units_{{ level }} * chips.memory_bandwidth_gb_per_s / {{ h100_memory_bandwidth_gb_per_s() }}
            as h100e_bandwidth_{{ level }},
    {% endfor -%}
    shipments.units_p50 * costs.approx_cost_usd / 1e6 as cost_usd_m_p50,
    shipments.units_p50 * chips.tdp_w / 1e6 as power_mw_p50,
    {{ carried_provenance('shipments') }}
from {{ ref('stg_epoch_chip_shipments') }} as shipments
inner join {{ ref('int_chip_names') }} as names
    on shipments.chip_type = names.alias and names.scope = 'epoch_chip_sales'
left join {{ ref('int_chips') }} as chips on names.chip_id = chips.chip_id
left join costs on names.chip_id = costs.chip_id
