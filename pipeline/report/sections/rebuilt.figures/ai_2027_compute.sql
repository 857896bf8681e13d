-- theirs: AI Futures Project (AI 2027) | global AI-relevant compute | 2027-12 |
-- bridge: 8-bit H100e of tracked designers that run at the end of 2027 against the AI-relevant compute of the world
-- explained by: forecast.assumptions.p50 of ratio_8bit_of_new_chips and price_performance_growth
-- moved by: forecast.quantiles.value
select value / 1e6
from forecast.quantiles
where
    target_id = 'operational_h100e_8bit' and entity_id = 'all-tracked' and target_period = '2027' and period_kind = 'calendar_year'
    and scenario_id = 'base' and is_recommended and output_type_id = 0.5
