select
    cards.period_start,
    cards.chip_id,
    coalesce(providers.provider_id, cards.provider_id) as provider_id,
    cards.usd_per_chip_hour,
    {{ carried_provenance('cards') }}
from {{ ref('stg_rental_rate_cards') }} as cards
left join {{ ref('provider_aliases') }} as providers on cards.provider_id = providers.alias
