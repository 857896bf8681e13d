select
    kind,
    configuration_id,
    horizon,
    log_wis,
    n,
    skill_vs_naive,
    skill_vs_log_drift,
    mean_weight,
    is_nested,
    is_published
from {{ source('forecasts', 'configurations') }}
