select
    scores.horizon,
    scores.model_id,
    scores.skill,
    scores.ci05,
    scores.ci95,
    scores.n,
    scores.n_eff,
    inside.value as coverage_80
from forecast.scores as scores
inner join forecast.scores as inside
    on
        scores.model_id = inside.model_id
        and scores.horizon = inside.horizon
        and scores.entity_id = inside.entity_id
        and scores.panel = inside.panel
where
    scores.panel = 'rental_index' and scores.entity_id = 'pooled-rents' and scores.metric = 'log_wis'
    and scores.baseline_id = 'naive' and inside.metric = 'coverage_80' and inside.baseline_id is null
order by scores.horizon, scores.model_id
