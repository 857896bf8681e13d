-- Under all its terms an offer is of one chip; and where a chip's price on demand is the same, that of a commitment does not
-- move by a tenth, unless another kind of commitment goes under its name.
{{ config(meta={'dagster': {'ref': {'name': 'rental_prices_by_terms'}}}) }}
select
    provider_id,
    source_row as priced_as,
    count(distinct chip_id) as found
from {{ ref('rental_prices_by_terms') }}
group by provider_id, source_id, source_row, offer
having count(distinct chip_id) > 1
union all
select
    committed.provider_id,
    committed.chip_id || ' ' || committed.terms,
    count(*)
from {{ ref('rental_prices_by_terms') }} as committed
inner join {{ ref('rental_prices') }} as on_demand
    on
        committed.source_id = on_demand.source_id
        and committed.source_row = on_demand.source_row
        and committed.offer = on_demand.offer
where committed.terms like '%year%'
group by
    committed.provider_id, committed.chip_id, committed.region, committed.terms, committed.source_id, on_demand.usd_per_chip_hour
having max(committed.usd_per_chip_hour) > 1.1 * min(committed.usd_per_chip_hour)
