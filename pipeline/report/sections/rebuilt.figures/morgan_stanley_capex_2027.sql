-- theirs: Morgan Stanley | hyperscaler capex | 2027 | Amazon, Microsoft, Google, Meta, Oracle
-- bridge: the same five; ours cash, theirs as the companies state it
-- explained by: forecast.vendor_revenue.p50: growth of the last year goes on for longer with us
-- moved by: forecast.vendor_revenue.p50
select p50 / 1e3
from forecast.vendor_revenue
where entity_id = 'capex-five-firms' and period_kind = 'calendar_year' and target_period = '2027'
