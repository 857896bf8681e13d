select
    target_period,
    target_end_date as period_end,
    p10,
    p25,
    p50,
    p75,
    p90,
    evidence_class
from forecast.inference_share
where scenario_id = 'base' and accounting = '{accounting}' and flow_or_stock = 'stock' and period_kind = 'quarter'
order by period_end
