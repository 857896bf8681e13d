-- A page that names a system, a form or a memory size sells no chip of another: a DGX or HGX holds modules and no cards, and
-- only a DGX Station holds the V100 made for it.
{{ config(meta={'dagster': {'ref': {'name': 'chip_prices'}}}) }}
with observed as (
    select
        prices.chip_id,
        prices.priced_on,
        prices.offer,
        prices.price_usd_p50,
        prices.source_url,
        chips.memory_gb,
        lower(prices.source_url) as page
    from {{ ref('chip_prices') }} as prices
    inner join {{ ref('chips') }} as chips on prices.chip_id = chips.chip_id
    where prices.offer like 'observation %'
)

select *
from observed
where
    ((page like '%dgx%' or page like '%hgx%' or page like '%sxm%') and chip_id like '%pcie%')
    or (page like '%pcie%' and chip_id like '%sxm%')
    or (page like '%dgx-1-%' and page not like '%hgx%' and chip_id like '%dgxs%')
    or ((page like '%dgx-2/%' or page like '%hgx-2-%') and chip_id not like '%sxm3%')
    {% for gigabytes in [16, 32, 40, 80, 94] -%}
        or (page like '%-{{ gigabytes }}gb-%' and memory_gb <> {{ gigabytes }})
    {% endfor %}
