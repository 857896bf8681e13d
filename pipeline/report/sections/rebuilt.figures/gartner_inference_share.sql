-- theirs: Gartner | inference share of AI-optimised IaaS | 2026 |
-- bridge: cost of the whole fleet against spending on rented infrastructure; an anchor of ours, so no independent evidence
-- explained by: forecast.assumptions.p50 of inference_cost_ratio
-- moved by: forecast.inference_share.p50
select 100 * p50
from forecast.inference_share
where accounting = 'dollars' and target_period = '2026' and scenario_id = 'base' and period_kind = 'calendar_year' and flow_or_stock = 'stock'
