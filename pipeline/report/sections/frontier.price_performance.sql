with priced as (
    select
        case
            when price_basis like 'purchase%' then 'bought, over four years'
            when price_basis = 'rental on_demand' then 'rented on demand' else 'rented, other terms'
        end as kind,
        chip_id,
        date_trunc('month', priced_on)::date as month,
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
    month,
    chip_id,
    arg_min(price_basis, usd) as basis,
    min(usd) as usd_per_h100e_hour,
    min(min(usd)) over (partition by kind order by month) as frontier
from priced
group by kind, month, chip_id
order by kind, month, usd_per_h100e_hour
