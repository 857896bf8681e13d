with priced as (
    select
        case
            when price_basis like 'purchase%' then 'bought'
            when price_basis = 'rental on_demand' then 'rented on demand' else 'rented on other terms'
        end as kind,
        chip_id,
        priced_on,
        price_basis,
        usd_per_h100e_16bit_hour as usd
    from market.price_performance
    where
        priced_on >= '2020-01-01' and usd_per_h100e_16bit_hour is not null
        and not regexp_matches(chip_id, 'geforce|radeon|titan') and not price_basis like '%cost_estimate'
        and usd_per_chip_hour / usd_per_h100e_16bit_hour >= 0.01
)

select
    kind,
    priced_on,
    chip_id,
    arg_min(price_basis, usd) as basis,
    min(usd) as usd_per_h100e_hour,
    min(min(usd)) over so_far as frontier,
    arg_min(priced_on, row(min(usd), priced_on)) over so_far as lowest_on
from priced
group by kind, priced_on, chip_id
window so_far as (partition by kind order by priced_on)
order by kind, priced_on, usd_per_h100e_hour, chip_id
