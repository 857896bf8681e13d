select
    'actual' as kind,
    calendar_quarter as period,
    period_end,
    value_usd_m / 1000 as usd_bn,
    confidence,
    definition_version as definition,
    -- The line is not drawn over a quarter that nobody has.
    left(calendar_quarter, 4)::integer * 4 + right(calendar_quarter, 1)::integer
    - row_number() over (partition by definition_version order by period_end) as run
from market.vendor_quarters_vintages
where
    vendor_id || '-' || segment_id = '{entity}' and metric = 'revenue' and vintage = 'first'
    and period_end > date '{as_of}' - interval 4 year
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
union all by name
select
    'guidance' as kind,
    target_period as period,
    target_period_end as period_end,
    coalesce(low_usd_m, mid_usd_m) / 1000 as low_usd_bn,
    mid_usd_m / 1000 as usd_bn,
    coalesce(high_usd_m, mid_usd_m) / 1000 as high_usd_bn,
    confidence
from market.guidance
where
    issuer_id || '-' || segment_id = '{entity}' and metric = 'revenue' and target_period like 'FY____Q_'
    and target_period_end > date '{as_of}' - interval 4 year
order by kind, period_end
