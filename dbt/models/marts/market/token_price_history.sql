-- Where two lists give a provider's current price of a model differently, the list with the newest dated price has it; the other
-- keeps its row, but as no current one. Nobody sells what its maker has ended, whatever a list still shows.
with left_the_router as (
    -- OpenRouter's own list no longer has them; genai-prices keeps what it once had, and its older names too.
    select
        model_id,
        model_version
    from {{ ref('int_token_prices') }}
    where source_id = 'openrouter_prices' and held_back_because is null
    group by model_id, model_version
    having count(*) = count(valid_to)
),

prices as (
    select
        listed.*,
        context.as_of,
        listed.valid_from <= context.as_of and listed.valid_to is null and ended.model_id is null
        and left_the_router.model_id is null as is_shown,
        case when listed.source_id like 'litellm%' then 'litellm' else listed.source_id end as source_group
    from {{ ref('int_token_prices') }} as listed
    cross join {{ ref('stg_run_context') }} as context
    left join {{ ref('ended_offers') }} as ended
        on
            listed.model_id = ended.model_id
            and ended.provider_id in ('anthropic', 'google-cloud', 'openai')
            and context.as_of >= ended.ended_on
    left join left_the_router
        on
            listed.model_id = left_the_router.model_id and listed.model_version = left_the_router.model_version
            and listed.provider_id = 'openrouter' and listed.source_id = 'genai_prices' and listed.valid_from_basis = 'first_seen'
    where listed.held_back_because is null
),

newest as (
    select
        provider_id,
        model_id,
        model_version,
        channel,
        -- of two lists that changed on one day, by name: either may be right, but always the same
        max_by(source_group, row(valid_from, source_group)) as source_group
    from prices
    where is_shown and reported_on_basis = 'price_date'
    group by provider_id, model_id, model_version, channel
),

told as (
    select distinct
        prices.provider_id,
        prices.model_id,
        prices.model_version,
        prices.channel,
        prices.input_usd_per_mtok,
        prices.output_usd_per_mtok
    from prices
    inner join newest
        on
            prices.provider_id = newest.provider_id and prices.model_id = newest.model_id
            and prices.model_version = newest.model_version and prices.channel = newest.channel
            and prices.source_group = newest.source_group
    where prices.is_shown
),

agreed as (
    select
        prices.*,
        newest.source_group as newest_group,
        coalesce(bool_or(
            abs(prices.input_usd_per_mtok - told.input_usd_per_mtok) <= 0.01 * told.input_usd_per_mtok
            and coalesce(abs(prices.output_usd_per_mtok - told.output_usd_per_mtok) <= 0.01 * told.output_usd_per_mtok, true)
        ), false) as is_told
    from prices
    left join newest
        on
            prices.provider_id = newest.provider_id and prices.model_id = newest.model_id
            and prices.model_version = newest.model_version and prices.channel = newest.channel
    left join told
        on
            prices.provider_id = told.provider_id and prices.model_id = told.model_id
            and prices.model_version = told.model_version and prices.channel = told.channel
    group by all
)

select
    prices.listed_model,
    prices.model_id,
    prices.model_version,
    prices.provider_id,
    prices.channel,
    {{ model_kind('prices.model_id') }} as model_kind,
    prices.valid_from,
    prices.valid_from_basis,
    prices.valid_to,
    prices.observed_on,
    prices.input_usd_per_mtok,
    prices.output_usd_per_mtok,
    prices.cached_input_usd_per_mtok,
    prices.other_prices,
    (3 * prices.input_usd_per_mtok + prices.output_usd_per_mtok) / 4 as blended_usd_per_mtok,
    prices.valid_from > prices.as_of as is_announced,
    prices.is_shown
    and (prices.newest_group is null or prices.source_group = prices.newest_group or prices.is_told) as is_current,
    {{ carried_provenance('prices') }}
from agreed as prices
