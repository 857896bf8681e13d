-- theirs: RAND | AI data centre power | 2027 |
-- bridge: the world against tracked designers, both with their facilities
-- explained by: forecast.assumptions.p50 of power_additions_gw: RAND extrapolates chips and asks for no power
-- moved by: forecast.quantiles.value
select value
from forecast.quantiles
where
    target_id = 'facility_power' and entity_id = 'all-tracked' and target_period = '2027' and period_kind = 'calendar_year'
    and scenario_id = 'base' and is_recommended and output_type_id = 0.5
