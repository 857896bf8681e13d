-- The index at the newest list price, so that past and forecast are one line.
select
    last_day(period_start) as period_end,
    index_first_month_100 * max_by(usd_per_chip_hour_median / index_first_month_100, period_start) over () as p50,
    true as is_past
from market.rental_price_index
where is_published and chip_id = '{chip}'
union all by name
select
    target_end_date as period_end,
    p05,
    p25,
    p50,
    p75,
    p95,
    evidence_class,
    false as is_past
from forecast.rental_prices
where chip_id = '{chip}'
order by period_end
