select
    target_period,
    p10,
    p50,
    p90,
    prob_ratio_ge_3
from forecast.inference_share
where scenario_id = 'base' and accounting = 'dollars' and flow_or_stock = 'stock' and period_kind = 'calendar_year'
order by target_period
