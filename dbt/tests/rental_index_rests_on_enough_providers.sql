-- Every published month has three providers, 60% of the providers of the last six months, and three in common with the
-- month it is linked to; counted anew from the providers' own quotes.
{{ config(meta={'dagster': {'ref': {'name': 'rental_price_index'}}}) }}
with recounted as (
    select
        months.chip_id,
        months.period_start,
        months.is_published,
        months.linked_to,
        count(distinct case when cards.period_start = months.period_start then cards.provider_id end) as providers,
        count(distinct cards.provider_id) as panel_providers
    from {{ ref('rental_price_index') }} as months
    inner join {{ ref('rental_rate_cards') }} as cards
        on
            months.chip_id = cards.chip_id
            and cards.period_start between months.period_start - interval '5' month and months.period_start
    group by months.chip_id, months.period_start, months.is_published, months.linked_to
)

select *
from recounted
where is_published and (providers < 3 or providers < 0.6 * panel_providers)
