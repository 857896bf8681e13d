-- Tokens of a day by model on one router, with the price at which that router sold the model on the day. A free variant costs
-- nothing; where the router's list names the version that was used, its price counts before that of the model.
with weights as (
    select
        model_id,
        bool_or(accessibility like 'Open%') as has_open_weights
    from (
        select
            model_id,
            accessibility
        from {{ ref('training_runs') }}
        union all
        select
            model_id,
            accessibility
        from {{ ref('model_abilities') }}
    )
    where accessibility is not null
    group by model_id
),

priced as (
    select
        days.usage_date,
        days.listed_model,
        prices.input_usd_per_mtok,
        prices.output_usd_per_mtok,
        prices.source_id as price_source_id,
        row_number() over (
            partition by days.usage_date, days.listed_model
            order by
                {{ is_same_version('prices.model_version', 'days.model_version') }} desc,
                prices.source_id = 'openrouter_prices' desc,
                prices.model_version = '' desc,
                prices.valid_from desc,
                prices.source_id asc,
                prices.listed_model asc
        ) as place
    from {{ ref('stg_openrouter_model_days') }} as days
    inner join {{ ref('token_price_history') }} as prices
        on
            days.model_id = prices.model_id
            and prices.provider_id = 'openrouter'
            and prices.channel not like '% batch'
            and days.usage_date >= prices.valid_from
            and (days.usage_date < prices.valid_to or prices.valid_to is null)
    where not days.is_free and prices.input_usd_per_mtok is not null
)

select
    days.usage_date,
    days.listed_model,
    days.model_id,
    days.model_version,
    days.is_free,
    -- Of the makers that sell through their own service alone, no model since 2024 but OpenAI's gpt-oss has open weights.
    coalesce(
        documented.has_open_weights, weights.has_open_weights,
        case
            when
                days.listed_model like 'anthropic/%' or days.listed_model like 'x-ai/%' or days.listed_model like 'google/gemini%'
                or days.listed_model like 'openai/%' and days.listed_model not like 'openai/gpt-oss%'
                then false
        end
    ) as has_open_weights,
    days.tokens,
    case when days.is_free then 0 else priced.input_usd_per_mtok end as input_usd_per_mtok,
    case when days.is_free then 0 else priced.output_usd_per_mtok end as output_usd_per_mtok,
    priced.price_source_id,
    {{ carried_provenance('days') }}
from {{ ref('stg_openrouter_model_days') }} as days
left join priced on days.usage_date = priced.usage_date and days.listed_model = priced.listed_model and priced.place = 1
left join weights on days.model_id = weights.model_id
left join {{ ref('model_weights') }} as documented on days.model_id = documented.model_id
