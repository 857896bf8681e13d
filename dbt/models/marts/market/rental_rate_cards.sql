-- The gatherer takes a page that names no form and no fabric for possibly PCIe (x 1.09) and possibly without NVLink (x 1.06).
-- Where the chip has one form only, or the same price stands beside its form in another month, that is undone:
-- else a page that adds "HGX" to an unchanged price looks like a cut of 13%.
select
    cards.period_start,
    cards.chip_id,
    coalesce(providers.provider_id, cards.provider_id) as provider_id,
    round(cards.usd_per_chip_hour / coalesce(corrections.overstated_by, 1), 3) as usd_per_chip_hour,
    cards.usd_per_chip_hour as upstream_usd_per_chip_hour,
    corrections.reason as corrected_because,
    {{ carried_provenance('cards') }}
from {{ ref('stg_rental_rate_cards') }} as cards
left join {{ ref('provider_aliases') }} as providers on cards.provider_id = providers.alias
left join {{ ref('rate_card_corrections') }} as corrections
    on
        cards.chip_id = corrections.chip_id
        and coalesce(providers.provider_id, cards.provider_id) = corrections.provider_id
        and cards.period_start between corrections.from_month and corrections.to_month
