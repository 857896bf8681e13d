select
    entity_id,
    target_period,
    recorded_on,
    p10,
    p50,
    p90,
    outcome,
    outcome_reported_on,
    is_inside_80
from forecast.log_scores
where is_last_word
order by outcome_reported_on desc, entity_id asc
