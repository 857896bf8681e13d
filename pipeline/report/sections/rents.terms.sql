select
    coalesce(chips.chip_name, rents.chip_id) as chip,
    rents.rent_basis,
    rents.last_usd_per_chip_hour,
    max_by(rents.p10, rents.horizon) as p10,
    max_by(rents.p50, rents.horizon) as p50,
    max_by(rents.p90, rents.horizon) as p90,
    max(rents.target_period) as target_period,
    rents.committed_terms,
    rents.committed_usd_per_chip_hour,
    rents.committed_priced_on,
    rents.evidence_class
from forecast.rental_prices as rents
left join market.chips as chips on rents.chip_id = chips.chip_id
group by all
order by rents.rent_basis desc, p50 asc
