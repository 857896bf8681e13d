-- Every unit cost that a source holds stands in market.chip_prices.
{{ config(meta={'dagster': {'ref': {'name': 'chip_prices'}}}) }}
select
    types.chip_name,
    types.approx_cost_usd
from {{ ref('stg_epoch_chip_types') }} as types
left join {{ ref('chip_prices') }} as prices
    on
        types.approx_cost_usd = prices.price_usd_p50
        and prices.price_basis in ('buyer_cost_estimate', 'maker_cost_estimate')
where types.approx_cost_usd > 0
group by types.chip_name, types.approx_cost_usd
having count(prices.chip_id) = 0
