-- theirs: McKinsey | inference share of AI compute | 2030 |
-- bridge: chip-hours against capacity of AI data centres, a lower bound
-- explained by: forecast.assumptions.p50 of share_drift
-- moved by: forecast.inference_share.p50
select 100 * p50
from forecast.inference_share
where accounting = 'chip_hours' and target_period = '2030' and scenario_id = 'base' and period_kind = 'calendar_year' and flow_or_stock = 'stock'
