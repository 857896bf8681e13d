select
    priced_on,
    provider_id,
    chip_id,
    region,
    offer,
    usd_per_chip_hour,
    {{ carried_provenance('offers') }}
from {{ ref('rental_prices_by_terms') }} as offers
where terms = 'on_demand'
