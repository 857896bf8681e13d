-- theirs: AI Futures Project (AI 2027) | global AI power | 2027-12 |
-- bridge: end of 2027 both; theirs all AI chips of the world
-- explained by: forecast.quantiles.value of vendor_revenue: spending of 2026 and 2027
-- moved by: forecast.quantiles.value
select value
from forecast.quantiles
where
    target_id = 'facility_power' and entity_id = 'all-tracked' and target_period = '2027' and period_kind = 'calendar_year'
    and scenario_id = 'base' and is_recommended and output_type_id = 0.5
