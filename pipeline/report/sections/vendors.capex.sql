select
    'actual' as kind,
    calendar_quarter as period,
    max(period_end) as period_end,
    sum(capex_usd_m) / 1000 as usd_bn,
    'sum' as confidence,
    'cash, five firms' as definition
from market.capex_quarters_vintages
where basis = 'cash' and vintage = 'first' and period_end > date '{as_of}' - interval 4 year
group by calendar_quarter
having count(*) = 5
union all by name
select
    'forecast' as kind,
    target_period as period,
    target_end_date as period_end,
    p10 / 1000 as p10,
    p25 / 1000 as p25,
    p50 / 1000 as p50,
    p75 / 1000 as p75,
    p90 / 1000 as p90,
    evidence_class
from forecast.vendor_revenue
where entity_id = '{entity}' and period_kind = 'quarter' and horizon <= 8
order by kind, period_end
