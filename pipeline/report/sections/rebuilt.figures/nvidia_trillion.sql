-- theirs: NVIDIA | Blackwell and Rubin purchase orders | 2025-2027 |
-- bridge: Data Center revenue of 2025, reported, and 2026 and 2027, forecast; theirs are orders for two generations, without Hopper
-- explained by: market.segment_quarters.value_usd_m: Hopper and networks sold without systems
-- moved by: forecast.vendor_revenue.p50
select (
    sum(p50) + (
        select sum(value_usd_m)
        from market.segment_quarters
        where vendor_id = 'nvidia' and segment_id = 'data-center' and metric = 'revenue' and calendar_quarter like '2025%'
    )
) / 1e3
from forecast.vendor_revenue
where entity_id = 'nvidia-data-center' and period_kind = 'calendar_year' and target_period in ('2026', '2027')
