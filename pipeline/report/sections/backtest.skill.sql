select
    horizon,
    case baseline_id when 'naive' then 'last value' else 'log-drift' end as baseline,
    skill,
    ci05,
    ci95,
    n,
    n_eff,
    recalled_share
from forecast.scores
where
    model_id = 'recommended' and entity_id = 'pooled' and metric = 'log_wis' and target_window = 'all'
    and panel = 'spliced' and baseline_id in ('naive', 'log_drift')
order by horizon, baseline
