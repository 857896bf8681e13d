-- What a dollar buys: hourly offers as they are, purchase prices spread over four years of running, the shortest
-- useful life that the large owners and neoclouds book (4 to 6 years).
with priced as (
    select
        chip_id,
        priced_on,
        'rental ' || terms as price_basis,
        'chip-hour' as price_unit,
        provider_id || ' ' || region || ' ' || offer as offer,
        usd_per_chip_hour,
        {{ carried_provenance('rental') }}
    from {{ ref('rental_prices_by_terms') }} as rental
    union all
    select
        chip_id,
        priced_on,
        'purchase ' || price_basis,
        price_unit,
        offer,
        price_usd_p50 / (4 * 8760),
        {{ carried_provenance('purchase') }}
    from {{ ref('chip_prices') }} as purchase
)

select
    priced.chip_id,
    priced.priced_on,
    priced.price_basis,
    priced.price_unit,
    priced.offer,
    priced.usd_per_chip_hour,
    priced.usd_per_chip_hour / chips.h100e_16bit as usd_per_h100e_16bit_hour,
    priced.usd_per_chip_hour / chips.h100e_8bit as usd_per_h100e_8bit_hour,
    chips.flops_16bit_per_s * 3600 / priced.usd_per_chip_hour as flop_16bit_per_usd,
    chips.ops_8bit_per_s * 3600 / priced.usd_per_chip_hour as op_8bit_per_usd,
    chips.ops_4bit_per_s * 3600 / priced.usd_per_chip_hour as op_4bit_per_usd,
    chips.memory_bandwidth_gb_per_s / priced.usd_per_chip_hour as gb_per_s_per_usd_per_hour,
    {{ carried_provenance('priced') }}
from priced
inner join {{ ref('chips') }} as chips on priced.chip_id = chips.chip_id
-- One offer told twice by one source is one.
qualify row_number() over (
    partition by
        priced.chip_id, priced.priced_on, priced.price_basis, priced.usd_per_chip_hour, priced.source_id,
        {{ "split_part(priced.offer, ' ', 1)" }}
    order by priced.offer
) = 1
