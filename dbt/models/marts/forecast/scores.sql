select
    model_id,
    entity_id,
    horizon,
    metric,
    scores.window as target_window,
    panel,
    value,
    n,
    n_eff,
    ci05,
    ci95,
    baseline_id,
    skill,
    recalled_share
from {{ source('forecasts', 'scores') }} as scores
