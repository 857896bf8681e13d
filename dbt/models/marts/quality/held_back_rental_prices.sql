select
    priced_on,
    provider_id,
    coalesce(chip_id, chip_as_written) as chip_as_written,
    region,
    terms,
    offer,
    usd_per_chip_hour,
    held_back_because,
    source_id,
    source_row,
    reported_on
from {{ ref('int_rental_offers') }}
where held_back_because is not null
