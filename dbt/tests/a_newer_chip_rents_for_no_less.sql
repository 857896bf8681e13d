-- On one term, the list price of an hour on demand, none of NVIDIA's newer chips with an index rents for less than an older one. The
-- indices of two chips rest on different providers: a twentieth is no difference (in March 2026 H100 stood 1.1% above H200).
{{ config(meta={'dagster': {'ref': {'name': 'rental_price_forecast'}}}) }}
select
    older.target_period,
    older.chip_id,
    older.p50,
    newer.chip_id as newer_chip_id,
    newer.p50 as newer_p50
from {{ ref('rental_price_forecast') }} as older
inner join {{ ref('rental_price_forecast') }} as newer on older.target_period = newer.target_period
inner join {{ ref('chips') }} as older_chips on older.chip_id = older_chips.chip_id
inner join {{ ref('chips') }} as newer_chips on newer.chip_id = newer_chips.chip_id
where
    older.rent_basis = 'rental_index'
    and newer.rent_basis = 'rental_index'
    and older_chips.release_date < newer_chips.release_date
    and older_chips.h100e_bandwidth < newer_chips.h100e_bandwidth
    and older.p50 > 1.05 * newer.p50
