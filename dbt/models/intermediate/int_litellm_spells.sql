-- LiteLLM's list as spells of one price, from its dated copies and the newest list together. A spell starts on the day of
-- the first copy that shows the price and ends with the first that shows another, or none.
with lists as (
    select
        observed_on,
        lead(observed_on) over (order by observed_on) as next_observed_on
    from (select distinct observed_on from {{ ref('stg_litellm_prices') }})
),

last_copy as (
    select max(seen_on) as seen_on
    from {{ ref('stg_litellm_price_changes') }}
    where copy <> 'release'
),

after_copies as (
    select min(releases.seen_on) as seen_on
    from {{ ref('stg_litellm_price_changes') }} as releases
    cross join last_copy
    where releases.copy = 'release' and releases.seen_on > last_copy.seen_on
),

releases as (
    select model_key
    from {{ ref('stg_litellm_price_changes') }}
    where copy = 'release'
    union
    select model_id
    from {{ ref('stg_litellm_prices') }}
),

sightings as (
    select
        model_key,
        seen_on,
        provider,
        mode,
        change = 'removed' as is_removed,
        copy = 'release' as is_release,
        input_usd_per_mtok,
        output_usd_per_mtok,
        cache_read_usd_per_mtok,
        {{ struct_of_provenance() }} as known
    from {{ ref('stg_litellm_price_changes') }}
    union all
    select
        model_id,
        observed_on,
        provider,
        mode,
        false,
        true,
        input_usd_per_mtok,
        output_usd_per_mtok,
        cache_read_usd_per_mtok,
        {{ struct_of_provenance() }}
    from {{ ref('stg_litellm_prices') }}
    union all
    -- What the next list no longer has.
    select
        prices.model_id,
        lists.next_observed_on,
        prices.provider,
        prices.mode,
        true,
        true,
        null,
        null,
        null,
        {{ struct_of_provenance() }}
    from {{ ref('stg_litellm_prices') }} as prices
    inner join lists on prices.observed_on = lists.observed_on
    where
        lists.next_observed_on is not null
        and not exists (
            select 1 from {{ ref('stg_litellm_prices') }} as still
            where prices.model_id = still.model_id and lists.next_observed_on = still.observed_on
        )
    union all
    -- What the copies in another package alone have, no release ever had: it ends with the first release after them.
    select
        copies.model_key,
        after_copies.seen_on,
        copies.provider,
        copies.mode,
        true,
        true,
        null,
        null,
        null,
        {{ struct_of_provenance() }}
    from {{ ref('stg_litellm_price_changes') }} as copies
    cross join after_copies
    left join releases on copies.model_key = releases.model_key
    where releases.model_key is null
),

-- Two copies of a day: the list's own release counts.
daily as (
    select *
    from sightings
    qualify row_number() over (partition by model_key, seen_on order by is_removed asc, is_release desc, known.source_id asc) = 1
),

compared as (
    select
        *,
        coalesce(
            is_removed = lag(is_removed) over of_key
            and coalesce(input_usd_per_mtok, -1) = coalesce(lag(input_usd_per_mtok) over of_key, -1)
            and coalesce(output_usd_per_mtok, -1) = coalesce(lag(output_usd_per_mtok) over of_key, -1),
            false
        ) as continues
    from daily
    window of_key as (partition by model_key order by seen_on)
),

numbered as (
    select
        *,
        count(*) filter (where not continues) over (partition by model_key order by seen_on) as spell
    from compared
),

about as (
    select
        model_key,
        max_by(provider, seen_on) filter (where provider is not null) as provider,
        max_by(mode, seen_on) filter (where mode is not null) as mode
    from daily
    group by model_key
),

others as (
    select
        model_id as model_key,
        max_by(other_prices, observed_on) as other_prices
    from {{ ref('stg_litellm_prices') }}
    where other_prices is not null
    group by model_id
),

spells as (
    select
        model_key,
        spell,
        min(seen_on) as valid_from,
        max(seen_on) as observed_on,
        bool_or(is_removed) as is_removed,
        any_value(input_usd_per_mtok) as input_usd_per_mtok,
        any_value(output_usd_per_mtok) as output_usd_per_mtok,
        max_by(cache_read_usd_per_mtok, seen_on) filter (where cache_read_usd_per_mtok is not null) as cache_read_usd_per_mtok,
        min_by(known, seen_on) as known
    from numbered
    group by model_key, spell
)

select
    spells.model_key,
    about.provider,
    spells.valid_from,
    lead(spells.valid_from) over (partition by spells.model_key order by spells.spell) as valid_to,
    -- The lists say them of the newest price alone.
    case when spells.spell = max(spells.spell) over (partition by spells.model_key) then others.other_prices end as other_prices,
    spells.observed_on,
    spells.input_usd_per_mtok,
    spells.output_usd_per_mtok,
    spells.cache_read_usd_per_mtok,
    spells.known
from spells
inner join about on spells.model_key = about.model_key
left join others on spells.model_key = others.model_key
where about.mode in ('chat', 'completion', 'responses')
qualify not spells.is_removed and (spells.input_usd_per_mtok > 0 or spells.output_usd_per_mtok > 0)
