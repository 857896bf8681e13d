-- theirs: AMD | data centre silicon TAM | 2030 |
-- bridge: what four vendors sell, with all their CPUs, against a market for anybody
-- explained by: forecast.vendor_revenue.p50: money of 2030
-- moved by: forecast.vendor_revenue.p50
select p50 / 1e3
from forecast.vendor_revenue
where entity_id = 'merchant_dc_silicon_total' and period_kind = 'calendar_year' and target_period = '2030'
