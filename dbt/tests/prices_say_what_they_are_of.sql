-- What a cloud's own chip cost to make is no price; an eighth of a server says so; no offer is of another chip than its page.
{{ config(meta={'dagster': {'ref': {'name': 'chip_prices'}}}) }}
select
    prices.chip_id,
    prices.priced_on,
    prices.price_basis,
    prices.price_unit,
    prices.price_usd_p50
from {{ ref('chip_prices') }} as prices
inner join {{ ref('chips') }} as chips on prices.chip_id = chips.chip_id
left join {{ ref('stg_epoch_hardware_prices') }} as observed on prices.offer = 'observation ' || observed.row_id
where
    (chips.designer_id in ('alphabet', 'amazon', 'meta', 'microsoft') and prices.price_basis <> 'maker_cost_estimate')
    or (observed.chips_priced_together > 1 and prices.price_unit = 'card')
    or (prices.chip_id like '%h100%' and lower(prices.source_url) like '%a100%')
