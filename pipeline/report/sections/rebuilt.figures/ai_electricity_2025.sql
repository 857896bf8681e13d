-- theirs: IEA | AI data centre electricity use | 2025 |
-- bridge: mean of our power at both ends of the year, at our load factor; theirs holds all AI data centres, with Huawei and older chips
-- explained by: market.installed_base.power_mw_p50: even at full load the tracked fleet draws less; theirs holds all that runs in AI-focused data centres
-- moved by: market.installed_base.power_mw_p50
select avg(base.power_mw_p50) * any_value(assumptions.p50) * 365 * 24 / 1e6
from market.installed_base as base cross join forecast.assumptions as assumptions
where
    base.designer_id = 'all-tracked' and base.calendar_quarter in ('2024Q4', '2025Q4')
    and assumptions.parameter_id = 'facility_load_factor'
