pivot (
    select
        model_id,
        case baseline_id when 'naive' then 'naive_' else 'drift_' end || horizon as versus,
        skill
    from forecast.scores
    where
        entity_id = 'pooled' and metric = 'log_wis' and target_window = 'all' and panel = 'spliced'
        and baseline_id in ('naive', 'log_drift') and horizon in (1, 2, 4, 8)
) on versus in ('naive_1', 'naive_2', 'naive_4', 'naive_8', 'drift_1', 'drift_2', 'drift_4', 'drift_8')
using first(skill)
order by model_id <> 'recommended', naive_4 desc nulls last, model_id asc
