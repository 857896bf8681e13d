select
    coalesce(chip_name, chip_id) as chip,
    period_start as month,
    index_first_month_100 as index,
    usd_per_chip_hour_median,
    providers,
    matched_providers
from market.rental_price_index left join market.chips using (chip_id)
where is_published
order by chip, month
