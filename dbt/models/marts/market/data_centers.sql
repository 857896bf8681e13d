select
    centers.site,
    centers.milestone_on,
    centers.power_mw,
    centers.h100e,
    centers.buildings_operational,
    centers.capital_cost_usd_m_2025,
    centers.compute_cost_usd_m_2025,
    centers.milestone_on > context.as_of as is_projection,
    case
        when centers.milestone_on <= centers.reported_on then 'observed'
        when centers.milestone_on <= context.as_of then 'projected, day is past'
        else 'projected'
    end as milestone_status,
    {{ carried_provenance('centers') }}
from {{ ref('stg_epoch_data_centers') }} as centers
cross join {{ ref('stg_run_context') }} as context
-- Of two milestones of one day the later in the file stands.
qualify row_number() over (
    partition by centers.site, centers.milestone_on order by centers.reported_on desc, centers.milestone_number desc
) = 1
