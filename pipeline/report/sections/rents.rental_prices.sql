with forecasts as (
    select
        chip_id,
        target_end_date as period_end,
        p05,
        p25,
        p50,
        p75,
        p95,
        evidence_class,
        false as is_past,
        last_usd_per_chip_hour
    from forecast.rental_prices
    where rent_basis = 'rental_index'
),

-- The index in USD at the newest list price, so that past and forecast are one line.
newest as (
    select
        chip_id,
        max_by(index_first_month_100, period_start) as index_first_month_100
    from market.rental_price_index
    where is_published
    group by chip_id
)

select * exclude (last_usd_per_chip_hour) from forecasts
where chip_id = '{chip}'
union all by name
select
    past.chip_id,
    last_day(past.period_start) as period_end,
    past.index_first_month_100 / newest.index_first_month_100 * max(forecasts.last_usd_per_chip_hour) as p50,
    true as is_past
from market.rental_price_index as past
inner join newest on past.chip_id = newest.chip_id
inner join forecasts on past.chip_id = forecasts.chip_id
where past.is_published and past.chip_id = '{chip}'
group by past.chip_id, past.period_start, past.index_first_month_100, newest.index_first_month_100
order by period_end
