-- theirs: Broadcom | AI semiconductor revenue | FY2026 |
-- bridge: the same: Broadcom's AI revenue of its fiscal year
-- explained by: market.guidance.mid_usd_m: stated in June; the third quarter is reported since, the fourth guided
-- moved by: forecast.vendor_revenue.p50
select p50 / 1e3
from forecast.vendor_revenue
where entity_id = 'broadcom-ai' and period_kind = 'fiscal_year' and target_period = 'FY2026'
