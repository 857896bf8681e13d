-- A provider's list price that rises or falls by the very factor which the gatherer puts on a page that names no form and
-- no fabric (1.09 x 1.06), from one quote to the next, has not moved: the page's words have.
with quotes as (
    select
        chip_id,
        provider_id,
        period_start,
        usd_per_chip_hour,
        lag(usd_per_chip_hour) over (partition by chip_id, provider_id order by period_start) as usd_per_chip_hour_before
    from {{ ref('rental_rate_cards') }}
)

select *
from quotes
where abs(abs(ln(usd_per_chip_hour / usd_per_chip_hour_before)) - ln(1.09 * 1.06)) < 0.001
