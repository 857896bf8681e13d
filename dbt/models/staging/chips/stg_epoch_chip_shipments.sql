-- Huawei and Cambricon, whose figures are not model-based, stay outside the tracked total.
select
    aliases.company_id as designer_id,
    facts.chip_type,
    facts.period_kind,
    facts.period_start::date as period_start,
    facts.period_end::date as period_end,
    facts.units_p05,
    facts.units_p50,
    facts.units_p95,
    facts.h100e_8bit_p05,
    facts.h100e_8bit_p50,
    facts.h100e_8bit_p95,
    facts.power_mw_p05,
    facts.power_mw_p50,
    facts.power_mw_p95,
    facts.is_incomplete,
    facts.estimate_vintage,
    {{ provenance('facts') }}
from {{ known('epoch_chip_shipments') }} as facts
left join {{ ref('stg_company_aliases') }} as aliases on lower(facts.designer) = aliases.alias
where facts.designer in ('Nvidia', 'AMD', 'Google', 'Amazon')
