select
    panel,
    horizon,
    skill as skill_vs_naive,
    ci05,
    ci95,
    n,
    n_eff,
    recalled_share
from forecast.scores
where
    model_id = 'recommended' and entity_id = 'pooled' and metric = 'log_wis' and target_window = 'all'
    and baseline_id = 'naive' and horizon in (1, 4)
order by horizon, panel <> 'spliced', panel
