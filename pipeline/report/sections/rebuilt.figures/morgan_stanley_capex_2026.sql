-- theirs: Morgan Stanley | hyperscaler capex | 2026 | Amazon, Microsoft, Google, Meta, Oracle
-- bridge: the same five; ours cash, theirs as the companies state it, with finance leases
-- explained by: market.capex_quarters.capex_usd_m: finance leases, which cash leaves out
-- moved by: forecast.vendor_revenue.p50
select p50 / 1e3
from forecast.vendor_revenue
where entity_id = 'capex-five-firms' and period_kind = 'calendar_year' and target_period = '2026'
