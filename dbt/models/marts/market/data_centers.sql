select
    site,
    milestone_on,
    milestone_number,
    power_mw,
    h100e,
    buildings_operational,
    capital_cost_usd_m_2025,
    compute_cost_usd_m_2025,
    milestone_on > reported_on as is_projection,
    {{ carried_provenance('centers') }}
from {{ ref('stg_epoch_data_centers') }} as centers
