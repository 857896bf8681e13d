select
    owners.designer_id,
    owners.owner_id,
    owners.chip_id,
    owners.calendar_quarter,
    owners.period_start,
    owners.period_end,
    owners.estimate_vintage,
    owners.is_incomplete,
    owners.units_p05,
    owners.units_p50,
    owners.units_p95,
    owners.h100e_8bit_p05,
    owners.h100e_8bit_p50,
    owners.h100e_8bit_p95,
    owners.owned_share_of_shipments,
    {{ carried_provenance('owners') }}
from {{ ref('chip_owners_vintages') }} as owners
where owners.is_latest_vintage
