-- What the cheapest tokens of a fixed ability cost, by month. A list price of one model hardly moves; what moves is the price at
-- which its ability can be had. A minimum picks every error of a list, so a price counts only where a second source shows
-- the same model's price within a factor of 1.5 in that month, or where it stood for 60 days, which is not enough where the
-- weights are closed and another source shows over 1.5 times as much. LiteLLM's list and its dated copies are one source, and
-- so are OpenRouter's own list and metergraph's copy of it.
with recursive context as (
    select as_of from {{ ref('stg_run_context') }}
),

months as (
    select min(last_day(valid_from)) as month_end
    from {{ ref('token_price_history') }}
    where source_id = 'openrouter_prices'
    union all
    select last_day((months.month_end + interval '1' month)::date)
    from months
    cross join context
    where last_day((months.month_end + interval '1' month)::date) <= context.as_of
),

abilities as (
    select
        model_id,
        model_version,
        max(eci) as eci,
        min(released_on) as released_on,
        bool_or(accessibility like 'Open%') as is_open_weights,
        max(reported_on) as reported_on
    from {{ ref('model_abilities') }}
    where released_on is not null
    group by model_id, model_version
),

levels as (
    select
        model_name as ability_level,
        max(eci) as ability_eci
    from {{ ref('model_abilities') }}
    where listed_model in ('gpt-4-0314', 'claude-3-5-sonnet-20240620', 'gpt-5-2025-08-07_high')
    group by model_name
),

-- The same price on both sides of a gap between a source's lists, which ends it on the day after it was seen, stood in between.
stood as (
    select
        *,
        case
            when valid_to = observed_on + 1 and lead(blended_usd_per_mtok) over of_listing = blended_usd_per_mtok
                then lead(valid_from) over of_listing
            else valid_to
        end as stands_to
    from {{ ref('token_price_history') }}
    window of_listing as (partition by source_id, provider_id, channel, listed_model order by valid_from, blended_usd_per_mtok)
),

offers as (
    select
        months.month_end,
        prices.listed_model,
        prices.model_id,
        prices.model_version,
        prices.provider_id,
        prices.source_id,
        case
            when prices.source_id like 'litellm%' then 'litellm'
            when prices.source_id = 'openrouter_prices' or prices.provider_id = 'openrouter' and prices.source_id = 'metergraph_prices'
                then 'openrouter'
            else prices.source_id
        end as source_group,
        prices.blended_usd_per_mtok as usd_per_mtok,
        {{ days_between('prices.valid_from', 'coalesce(prices.stands_to, context.as_of)') }} >= 60 as has_stood
    from months
    inner join stood as prices
        on
            months.month_end >= prices.valid_from
            and (months.month_end < prices.stands_to or prices.stands_to is null)
    cross join context
    -- A batch is answered within a day: another good.
    where prices.blended_usd_per_mtok > 0 and prices.channel not like '% batch'
),

-- A version that has a score of its own has that; a name without a version stands for the newest version of the day.
able as (
    select
        offers.*,
        abilities.eci,
        abilities.is_open_weights,
        abilities.released_on,
        abilities.reported_on as ability_reported_on
    from offers
    inner join abilities
        on
            offers.model_id = abilities.model_id
            and offers.month_end >= abilities.released_on
            and (offers.model_version = abilities.model_version or offers.model_version = '')
    qualify
        row_number() over (
            partition by offers.month_end, offers.source_id, offers.provider_id, offers.listed_model, offers.usd_per_mtok
            order by abilities.released_on desc, abilities.eci desc
        ) = 1
),

-- By model and source, what is quoted in the month.
quoted as (
    select distinct
        month_end,
        model_id,
        eci,
        source_group,
        usd_per_mtok
    from able
),

judged as (
    select
        able.month_end,
        able.listed_model,
        able.model_id,
        able.provider_id,
        able.source_id,
        able.usd_per_mtok,
        able.eci,
        able.ability_reported_on,
        bool_or(others.usd_per_mtok between able.usd_per_mtok / 1.5 and able.usd_per_mtok * 1.5) as is_agreed,
        bool_or(able.has_stood)
        and (bool_or(able.is_open_weights) or not coalesce(bool_or(others.usd_per_mtok > 1.5 * able.usd_per_mtok), false))
            as is_standing
    from able
    left join quoted as others
        on
            able.month_end = others.month_end
            and able.model_id = others.model_id
            and able.eci = others.eci
            and able.source_group <> others.source_group
    group by 1, 2, 3, 4, 5, 6, 7, 8
),

ranked as (
    select
        levels.ability_level,
        levels.ability_eci,
        judged.*,
        coalesce(judged.is_agreed, false) or judged.is_standing as counts,
        row_number() over (
            partition by levels.ability_level, judged.month_end
            order by
                coalesce(judged.is_agreed, false) or judged.is_standing desc,
                judged.usd_per_mtok asc,
                judged.listed_model asc,
                judged.source_id asc
        ) as place
    from judged
    inner join levels on judged.eci >= levels.ability_eci
),

cheapest as (
    select *
    from ranked
    where place = 1 and counts
),

cheaper_aside as (
    select
        cheapest.ability_level,
        cheapest.month_end,
        count(*) as prices_set_aside,
        min(ranked.usd_per_mtok) as cheapest_set_aside_usd_per_mtok,
        min_by(ranked.listed_model, {{ ranked_by(['ranked.usd_per_mtok', 'ranked.listed_model']) }}) as cheapest_set_aside_model
    from cheapest
    inner join ranked
        on
            cheapest.ability_level = ranked.ability_level
            and cheapest.month_end = ranked.month_end
            and cheapest.usd_per_mtok > ranked.usd_per_mtok
    where not ranked.counts
    group by cheapest.ability_level, cheapest.month_end
)

select
    date_trunc('month', cheapest.month_end)::date as period_start,
    cheapest.ability_level,
    cheapest.ability_eci,
    cheapest.usd_per_mtok,
    cheapest.listed_model,
    cheapest.model_id,
    cheapest.provider_id,
    case when cheapest.is_agreed then 'a second source agrees' else 'stood for 60 days' end as accepted_because,
    coalesce(cheaper_aside.prices_set_aside, 0)::int as prices_set_aside,
    cheaper_aside.cheapest_set_aside_usd_per_mtok,
    cheaper_aside.cheapest_set_aside_model,
    cheapest.source_id,
    greatest(cheapest.month_end, cheapest.ability_reported_on) as reported_on,
    'price_date' as reported_on_basis,
    'derived' as confidence
from cheapest
left join cheaper_aside
    on cheapest.ability_level = cheaper_aside.ability_level and cheapest.month_end = cheaper_aside.month_end
