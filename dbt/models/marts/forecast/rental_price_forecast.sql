-- The newest rent that a list states under commitment stands beside each chip as what it is, a term: a GPU-hour can't be
-- stored, and a commitment discounts volume, prepayment, term and the chip's age together, so it is no forward.
with committed as (
    select
        chip_id,
        terms,
        priced_on,
        median(usd_per_chip_hour) as usd_per_chip_hour
    from {{ ref('rental_prices_by_terms') }}
    where terms = 'contract' or terms like 'reserved%' or terms like 'savings_plan%'
    group by chip_id, terms, priced_on
    qualify row_number() over (partition by chip_id order by priced_on desc, terms asc) = 1
)

select
    rents.*,
    committed.terms as committed_terms,
    committed.usd_per_chip_hour as committed_usd_per_chip_hour,
    committed.priced_on as committed_priced_on
from {{ source('forecasts', 'rental_prices') }} as rents
left join committed on rents.chip_id = committed.chip_id
