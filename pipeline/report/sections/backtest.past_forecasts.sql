with names as (
    select distinct
        entity_id,
        split_part(entity_name, ':', 1) as vendor
    from forecast.vendor_revenue
),

reported as (
    select
        vendor_id || '-' || segment_id as entity_id,
        calendar_quarter,
        arg_min(value_usd_m, reported_on) / 1000 as usd_bn
    from market.vendor_quarters_vintages
    where metric = 'revenue'
    group by all
    union all by name
    select
        'capex-' || company_id as entity_id,
        calendar_quarter,
        arg_min(capex_usd_m, reported_on) / 1000 as usd_bn
    from market.capex_quarters_vintages
    where basis = 'cash'
    group by all
),

made as (
    select
        entity_id,
        origin_date,
        horizon,
        target_period as period,
        target_end_date as period_end,
        max(value) filter (output_type_id = 0.1) / 1000 as p10,
        max(value) filter (output_type_id = 0.5) / 1000 as p50,
        max(value) filter (output_type_id = 0.9) / 1000 as p90
    from forecast.quantiles
    where
        model_id = 'recommended' and target_id in ('vendor_revenue', 'capex') and scenario_id = 'base'
        and period_kind = 'quarter' and horizon <= 8
    group by all
),

judged as (
    select
        *,
        origin_date = max(origin_date) over (partition by entity_id, year(origin_date)) as newest_of_year
    from made
    qualify min(origin_date) over (partition by entity_id) < max(origin_date) over (partition by entity_id)
)

select
    'forecast' as kind,
    vendor,
    origin_date,
    year(origin_date) || 'Q' || quarter(origin_date) as made_in,
    newest_of_year,
    horizon,
    period,
    period_end,
    p10,
    p50,
    p90,
    usd_bn
from judged
inner join names using (entity_id)
left join reported on judged.entity_id = reported.entity_id and judged.period = reported.calendar_quarter
union all by name
select
    'actual' as kind,
    vendor,
    calendar_quarter as period,
    last_day(make_date(left(calendar_quarter, 4)::integer, 3 * right(calendar_quarter, 1)::integer, 1)) as period_end,
    usd_bn
from reported
inner join names using (entity_id)
where
    calendar_quarter >= (
        select min(judged.period) from judged
        where judged.entity_id = reported.entity_id
    )
order by vendor <> 'NVIDIA Data Center', vendor, kind, origin_date, period_end
