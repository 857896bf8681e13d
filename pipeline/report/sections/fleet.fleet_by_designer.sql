select
    coalesce(vendor_name, designer_id) as designer,
    calendar_quarter as period,
    period_end,
    operational_h100e_16bit_p05 as p05,
    operational_h100e_16bit_p50 as p50,
    operational_h100e_16bit_p95 as p95,
    evidence_class
from market.installed_base left join market.vendors on vendor_id = designer_id
where designer_id <> 'all-tracked' and not is_forecast and operational_h100e_16bit_p50 > 1000
order by designer, period_end
