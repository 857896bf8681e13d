select
    accounting,
    scenario_id,
    target_period as period,
    target_end_date as period_end,
    p10,
    p25,
    p50,
    p75,
    p90,
    evidence_class
from forecast.inference_share
where flow_or_stock = 'stock' and period_kind = 'quarter'
order by scenario_id <> 'base', scenario_id, accounting, period_end
