select
    priced_on,
    provider_id,
    chip_id,
    region,
    terms,
    offer,
    usd_per_chip_hour,
    {{ carried_provenance('offers') }}
from {{ ref('int_rental_offers') }} as offers
where chip_id is not null and provider_id is not null and held_back_because is null
-- Two spellings of one name can make two offers one: the cheaper stands.
qualify row_number() over (
    partition by priced_on, provider_id, chip_id, region, terms, offer, offers.source_id
    order by usd_per_chip_hour
) = 1
