-- Who can buy an ability for a price can buy it for that price later, unless its seller stops: a jump up by half within a month is
-- an error of a list that was accepted the month before.
with months as (
    select
        ability_level,
        period_start,
        usd_per_mtok,
        lag(usd_per_mtok) over (partition by ability_level order by period_start) as usd_per_mtok_before
    from {{ ref('token_price_at_ability') }}
)

select *
from months
where usd_per_mtok > 1.5 * usd_per_mtok_before
