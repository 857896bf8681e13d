-- theirs: Deloitte | inference share of AI compute | 2026 |
-- bridge: chip-hours of the tracked fleet; theirs does not say of what
-- explained by: forecast.assumptions.p50 of share_level_2023 and share_drift, and what the anchors leave of them
-- moved by: forecast.inference_share.p50
select 100 * p50
from forecast.inference_share
where accounting = 'chip_hours' and target_period = '2026' and scenario_id = 'base' and period_kind = 'calendar_year' and flow_or_stock = 'stock'
