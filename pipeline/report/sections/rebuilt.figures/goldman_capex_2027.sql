-- theirs: Goldman Sachs | hyperscaler capex | 2027 | hyperscalers, set not listed, Goldman base
-- bridge: cash of five firms; theirs does not list its firms
-- explained by: forecast.vendor_revenue.p50: growth of 45% with them, of the last year's with us
-- moved by: forecast.vendor_revenue.p50
select p50 / 1e3
from forecast.vendor_revenue
where entity_id = 'capex-five-firms' and period_kind = 'calendar_year' and target_period = '2027'
