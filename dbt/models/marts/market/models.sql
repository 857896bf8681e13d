-- One row per model, whatever a list calls it: a version (gpt-4o-2024-05-13), a reasoning effort, a region or a batch price is
-- no model of its own, a size (mini), a tune that its maker names (chat, codex) or a faster serving (turbo, fast) is one.
-- The best score is that of the ablest version and need not be that of a price: market.token_price_at_ability joins by version.
with named as (
    select
        model_id,
        model_name,
        model_name as listed_name,
        organisation,
        released_on,
        accessibility,
        parameters,
        training_flop,
        null::double as eci,
        domain,
        'training_runs' as used_in,
        reported_on,
        1 as rank
    from {{ ref('training_runs') }}
    union all
    select
        model_id,
        {{ replace_matches('model_name', ' [(][^()]*[)]$', '') }},
        listed_model,
        organisation,
        released_on,
        accessibility,
        null,
        null,
        eci,
        null,
        'model_abilities',
        reported_on,
        2
    from {{ ref('model_abilities') }}
    union all
    select
        model_id,
        listed_model,
        listed_model,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        'token_price_history',
        reported_on,
        3
    from {{ ref('int_token_prices') }}
    union all
    select
        model_id,
        listed_model,
        listed_model,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        'token_usage_by_model',
        reported_on,
        3
    from {{ ref('stg_openrouter_model_days') }}
    where model_id is not null
    union all
    select
        model_id,
        benchmark_model,
        benchmark_model,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        'inference_benchmarks',
        reported_on,
        4
    from {{ ref('inference_benchmarks') }}
    where model_id is not null
    union all
    select
        model_id,
        benchmark,
        benchmark,
        null,
        null,
        null,
        parameters_bn * 1e9,
        null,
        null,
        null,
        'training_benchmarks',
        reported_on,
        5
    from {{ ref('training_benchmarks') }}
    where model_id is not null
),

ordered as (
    select
        *,
        row_number() over (
            partition by model_id
            order by rank, released_on nulls last, length(model_name), model_name, reported_on
        ) as place
    from named
)

select
    model_id,
    {{ first_known('model_name', 'place') }} as model_name,
    {{ first_known('organisation', 'place') }} as organisation,
    min(released_on) as first_released_on,
    -- The domain is Epoch AI's, of a model that it lists; else the name tells.
    case
        when {{ model_kind('model_id') }} <> 'text' then {{ model_kind('model_id') }}
        when not bool_or(domain like '%Language%' or domain like '%Multimodal%') then 'other'
        else 'text'
    end as model_kind,
    {{ first_known('accessibility', 'place') }} as accessibility,
    {{ first_known('parameters', 'place') }} as parameters,
    max(training_flop) as training_flop,
    max(eci) as best_eci,
    {{ joined('listed_name') }} as listed_names,
    {{ joined('used_in') }} as used_in,
    min(reported_on) as reported_on
from ordered
group by model_id
