-- Rents begin in the month after the newest that passes the index's gates, at its level, and have no gap for two years.
{{ config(meta={'dagster': {'ref': {'name': 'rental_price_forecast'}}}) }}
with newest as (
    select
        chip_id,
        max(period_start) as period_start,
        max_by(usd_per_chip_hour_median, period_start) as usd_per_chip_hour
    from {{ ref('rental_price_index') }}
    where is_published
    group by chip_id
),

rents as (
    select
        chip_id,
        min(target_end_date) as first_end,
        max(target_end_date) as last_end,
        count(*) as months,
        max(last_usd_per_chip_hour) as usd_per_chip_hour,
        min(abs(ln(p50 / last_usd_per_chip_hour))) as move
    from {{ ref('rental_price_forecast') }}
    where rent_basis = 'rental_index'
    group by chip_id
)

select
    newest.chip_id,
    rents.*
from newest
left join rents on newest.chip_id = rents.chip_id
where
    rents.chip_id is null
    or rents.first_end <> last_day((newest.period_start + interval '1' month)::date)
    or rents.last_end <> last_day((newest.period_start + interval '24' month)::date)
    or rents.months <> 24
    or abs(rents.usd_per_chip_hour - newest.usd_per_chip_hour) > 1e-6
    or rents.move > 0.001
