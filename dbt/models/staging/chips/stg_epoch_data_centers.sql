select
    facts.site,
    facts.milestone_on::date as milestone_on,
    facts.milestone::int as milestone_number,
    facts.power_mw,
    facts.h100e,
    facts.buildings_operational::int as buildings_operational,
    facts.capital_cost_usd_bn_2025 * 1000 as capital_cost_usd_m_2025,
    facts.compute_cost_usd_bn_2025 * 1000 as compute_cost_usd_m_2025,
    {{ provenance('facts') }}
from {{ known('epoch_data_centers') }} as facts
