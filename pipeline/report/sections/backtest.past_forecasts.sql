with outcomes as (
    select
        calendar_quarter,
        arg_min(value_usd_m, reported_on) / 1000 as usd_bn
    from market.vendor_quarters
    where vendor_id || '-' || segment_id = 'nvidia-data-center' and metric = 'revenue'
    group by calendar_quarter
),

made as (
    select
        origin_date,
        horizon,
        target_period as period,
        target_end_date as period_end,
        max(value) filter (output_type_id = 0.1) / 1000 as p10,
        max(value) filter (output_type_id = 0.5) / 1000 as p50,
        max(value) filter (output_type_id = 0.9) / 1000 as p90
    from forecast.quantiles
    where
        model_id = 'recommended' and entity_id = 'nvidia-data-center' and target_id = 'vendor_revenue'
        and period_kind = 'quarter' and horizon <= 8
    group by all
)

select
    'forecast' as kind,
    origin_date,
    horizon,
    period,
    period_end,
    p10,
    p50,
    p90,
    usd_bn
from made left join outcomes on period = calendar_quarter
-- one origin a year, and the newest
where
    origin_date in (
        select max(every.origin_date) from made as every
        group by year(every.origin_date)
    )
union all by name
select
    'actual' as kind,
    calendar_quarter as period,
    last_day(make_date(left(calendar_quarter, 4)::integer, 3 * right(calendar_quarter, 1)::integer, 1)) as period_end,
    usd_bn
from outcomes
where calendar_quarter >= (select min(period) from made)
order by kind, origin_date, period_end
