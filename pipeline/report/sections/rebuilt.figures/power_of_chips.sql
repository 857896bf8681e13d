-- theirs: Epoch AI | power of AI chips | 2025Q4 |
-- bridge: facility power of what runs, over our factor for servers and our PUE: chips alone; theirs counts all that was sold
-- explained by: forecast.assumptions.p50: chips sold and not yet running, server_power_factor and pue
-- moved by: market.installed_base.power_mw_p50
with overhead as (
    select product(p50) as factor
    from forecast.assumptions
    where parameter_id in ('server_power_factor', 'pue')
)

select base.power_mw_p50 / 1e3 / overhead.factor
from market.installed_base as base cross join overhead
where base.designer_id = 'all-tracked' and base.calendar_quarter = '2025Q4'
