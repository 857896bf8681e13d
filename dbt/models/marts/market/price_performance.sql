-- What a dollar buys: hourly offers as they are, purchase prices spread over four years of running, the shortest
-- useful life that the large owners and neoclouds book (4 to 6 years).
with priced as (
    select
        chip_id,
        priced_on,
        'rental ' || terms as price_basis,
        provider_id || ' ' || region || ' ' || offer as offer,
        usd_per_chip_hour,
        {{ carried_provenance('rental') }}
    from {{ ref('rental_prices') }} as rental
    union all
    select
        chip_id,
        priced_on,
        'purchase ' || price_basis,
        offer,
        price_usd_p50 / (4 * 8760),
        {{ carried_provenance('purchase') }}
    from {{ ref('chip_prices') }} as purchase
)

select
    priced.chip_id,
    priced.priced_on,
    priced.price_basis,
    priced.offer,
    priced.usd_per_chip_hour,
    priced.usd_per_chip_hour / chips.h100e_16bit as usd_per_h100e_16bit_hour,
    chips.flops_16bit_per_s * 3600 / priced.usd_per_chip_hour as flop_16bit_per_usd,
    chips.memory_bandwidth_gb_per_s / priced.usd_per_chip_hour as gb_per_s_per_usd_per_hour,
    {{ carried_provenance('priced') }}
from priced
inner join {{ ref('chips') }} as chips on priced.chip_id = chips.chip_id
