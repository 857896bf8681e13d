-- Where two lists give a provider's current price of a model differently, the list with the newest dated price has it; the other
-- keeps its row, but as no current one. Who has a model from its maker can't sell it longer than he does, whatever a list still
-- shows; the clouds that run closed models themselves have schedules of their own.
with dated as (
    select
        provider_id,
        model_id,
        model_version,
        bool_or(valid_to is null) as is_listed,
        max(valid_to) as listed_to,
        min(valid_from) as listed_from
    from {{ ref('int_token_prices') }}
    where reported_on_basis = 'price_date' and held_back_because is null
    group by provider_id, model_id, model_version
),

dated_models as (
    select
        provider_id,
        model_id,
        bool_or(is_listed) as is_listed
    from dated
    group by provider_id, model_id
),

dated_providers as (
    select distinct provider_id
    from dated
    where is_listed
),

old_models as (
    select
        models.model_id,
        least(min(models.first_released_on), min(dated.listed_from)) as known_from
    from {{ ref('models') }} as models
    left join dated on models.model_id = dated.model_id
    group by models.model_id
),

gone as (
    -- Every price that the maker asked for it has ended, the last because the maker ended the model.
    select
        model_id,
        model_version
    from {{ ref('int_token_prices') }}
    where {{ is_its_maker('provider_id', 'model_id') }}
    group by model_id, model_version
    having count(*) = count(valid_to) and count(ended_on) > 0
    union
    select
        ended.model_id,
        versions.model_version
    from {{ ref('ended_offers') }} as ended
    inner join {{ ref('int_token_prices') }} as versions on ended.model_id = versions.model_id
    cross join {{ ref('stg_run_context') }} as context
    where
        {{ is_its_maker('ended.provider_id', 'ended.model_id') }}
        and ended.channel is null and ended.model_version is null and context.as_of >= ended.ended_on
),

prices as (
    select
        listed.*,
        context.as_of,
        listed.valid_from <= context.as_of and listed.valid_to is null
        and (gone.model_id is null or {{ sells_on_its_own_terms('listed.provider_id') }})
        -- genai-prices keeps what it once had: undated it shows neither what the provider's dated lists dropped 60 days ago, nor,
        -- alone, what is over two years old. Sooner a list may have renamed it, or not have it yet.
        and not (
            listed.source_id = 'genai_prices' and listed.valid_from_basis = 'first_seen'
            and (
                (not of_version.is_listed and of_version.listed_to < context.as_of - 60) is true
                or (
                    dated_providers.provider_id is not null and of_model.is_listed is not true
                    and (old_models.known_from < (context.as_of - interval '24' month)::date) is true
                )
            )
        ) as is_shown,
        case when listed.source_id like 'litellm%' then 'litellm' else listed.source_id end as source_group
    from {{ ref('int_token_prices') }} as listed
    cross join {{ ref('stg_run_context') }} as context
    left join gone on listed.model_id = gone.model_id and listed.model_version = gone.model_version
    left join dated as of_version
        on
            listed.provider_id = of_version.provider_id and listed.model_id = of_version.model_id
            and listed.model_version = of_version.model_version
    left join dated_models as of_model on listed.provider_id = of_model.provider_id and listed.model_id = of_model.model_id
    left join dated_providers on listed.provider_id = dated_providers.provider_id
    left join old_models on listed.model_id = old_models.model_id
    where listed.held_back_because is null
),

newest as (
    select
        provider_id,
        model_id,
        model_version,
        channel,
        -- of two lists that changed on one day, by name: either may be right, but always the same
        max_by(source_group, {{ ranked_by(['valid_from', 'source_group']) }}) as source_group
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
