-- How fast the price of a fixed ability fell, per year, from the first month in which it could be bought to the end of each
-- year and to the newest month. A span under a year says nothing of a year.
with prices as (
    select
        *,
        min(period_start) over (partition by ability_level) as first_month,
        max(period_start) over (partition by ability_level) as last_month
    from {{ ref('token_price_at_ability') }}
)

select
    first.ability_level,
    first.ability_eci,
    first.period_start as from_month,
    last.period_start as to_month,
    first.usd_per_mtok as from_usd_per_mtok,
    last.usd_per_mtok as to_usd_per_mtok,
    first.listed_model as from_model,
    last.listed_model as to_model,
    power(
        first.usd_per_mtok / last.usd_per_mtok, 365.25 / {{ days_between('first.period_start', 'last.period_start') }}
    ) as fall_factor_per_year,
    last.source_id,
    greatest(first.reported_on, last.reported_on) as reported_on,
    'price_date' as reported_on_basis,
    'derived' as confidence
from prices as first
inner join prices as last on first.ability_level = last.ability_level
where
    first.period_start = first.first_month
    and (month(last.period_start) = 12 or last.period_start = last.last_month)
    and {{ days_between('first.period_start', 'last.period_start') }} >= 365
