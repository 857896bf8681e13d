-- theirs: Deloitte | AI chip market | 2028 |
-- bridge: NVIDIA, AMD and Broadcom's accelerators against every AI chip, a lower bound
-- explained by: forecast.vendor_revenue.p50: growth since November 2025
-- moved by: forecast.quantiles.value
select value / 1e3
from forecast.quantiles
where
    target_id = 'ai_accelerator_revenue' and entity_id = 'all-merchants' and target_period = '2028' and period_kind = 'calendar_year'
    and scenario_id = 'base' and is_recommended and output_type_id = 0.5
