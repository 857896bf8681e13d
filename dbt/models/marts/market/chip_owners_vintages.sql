-- A type of chip that no alias knows stands in quality.unknown_names instead.
select
    owners.designer_id,
    coalesce(aliases.company_id, {{ slug('owners.owner') }}) as owner_id,
    names.chip_id,
    {{ calendar_quarter('owners.period_start', 'owners.period_end') }} as calendar_quarter,
    owners.period_start,
    owners.period_end,
    owners.estimate_vintage,
    {{ is_latest_vintage('owners.') }} as is_latest_vintage,
    owners.is_incomplete,
    owners.units_p05,
    owners.units_p50,
    owners.units_p95,
    owners.h100e_8bit_p05,
    owners.h100e_8bit_p50,
    owners.h100e_8bit_p95,
    sum(owners.units_p50) over (partition by names.chip_id, owners.period_start, owners.period_end, owners.estimate_vintage)
    / nullif(shipped.units_p50, 0) as owned_share_of_shipments,
    {{ carried_provenance('owners') }}
from {{ ref('stg_epoch_chip_owners') }} as owners
left join {{ ref('stg_company_aliases') }} as aliases on lower(owners.owner) = aliases.alias
inner join {{ ref('int_chip_names') }} as names
    on owners.chip_type = names.alias and names.scope = 'epoch_chip_sales'
left join {{ ref('int_chip_shipments') }} as shipped
    on
        names.chip_id = shipped.chip_id and owners.period_start = shipped.period_start
        and shipped.period_kind = 'calendar'
        and owners.period_end = shipped.period_end and owners.estimate_vintage = shipped.estimate_vintage
