-- theirs: McKinsey | AI data centre capacity demand | 2030 | global capacity
-- bridge: capacity demanded against facility power of chips that run; a source of ours, so no independent evidence
-- explained by: forecast.assumptions.p50 of power_additions_gw, one of whose sources it is
-- moved by: forecast.quantiles.value
select value
from forecast.quantiles
where
    target_id = 'facility_power' and entity_id = 'all-tracked' and target_period = '2030' and period_kind = 'calendar_year'
    and scenario_id = 'base' and is_recommended and output_type_id = 0.5
