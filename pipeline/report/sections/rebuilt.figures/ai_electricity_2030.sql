-- theirs: IEA | AI data centre electricity use | 2030 |
-- bridge: tracked designers with servers and cooling against all AI data centres
-- explained by: forecast.quantiles of vendor_revenue: our money of 2030, held back by power_additions_gw of forecast.assumptions
-- moved by: forecast.quantiles.value
select value
from forecast.quantiles
where
    target_id = 'facility_electricity' and entity_id = 'all-tracked' and target_period = '2030' and period_kind = 'calendar_year'
    and scenario_id = 'base' and is_recommended and output_type_id = 0.5
