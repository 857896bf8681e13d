-- The price of a model by source, channel and interval [valid_from, valid_to). Dated lists are turned into intervals:
-- a price holds from the list that first shows it to the next list, unless that is more than 60 days later.
with dated as (
    select
        model_id,
        'openrouter' as provider_id,
        'router' as channel,
        observed_on,
        input_usd_per_mtok,
        output_usd_per_mtok,
        null::double as cached_input_usd_per_mtok,
        {{ carried_provenance('prices') }}
    from {{ ref('stg_openrouter_prices') }} as prices
    union all
    select
        model_id,
        coalesce(provider, 'not stated'),
        'list',
        observed_on,
        input_usd_per_mtok,
        output_usd_per_mtok,
        cache_read_usd_per_mtok,
        {{ carried_provenance('prices') }}
    from {{ ref('stg_litellm_prices') }} as prices
    where mode in ('chat', 'completion', 'responses') and (input_usd_per_mtok > 0 or output_usd_per_mtok > 0)
    union all
    select
        model_id,
        provider,
        'list',
        observed_on,
        input_usd_per_mtok,
        output_usd_per_mtok,
        cache_read_usd_per_mtok,
        {{ carried_provenance('prices') }}
    from {{ ref('stg_models_dev_prices') }} as prices
    where input_usd_per_mtok > 0 or output_usd_per_mtok > 0
),

lists as (
    select
        source_id,
        observed_on,
        lead(observed_on) over (partition by source_id order by observed_on) as next_observed_on
    from (
        select distinct
            source_id,
            observed_on
        from {{ ref('stg_openrouter_prices') }}
        union all
        select distinct
            source_id,
            observed_on
        from {{ ref('stg_litellm_prices') }}
        union all
        select distinct
            source_id,
            observed_on
        from {{ ref('stg_models_dev_prices') }}
    )
),

shown as (
    select
        prices.*,
        lists.next_observed_on,
        coalesce(
            lag(lists.next_observed_on) over of_model = prices.observed_on
            and lag({{ days_between('lists.observed_on', 'lists.next_observed_on') }}) over of_model <= 60
            {% for column in ['input_usd_per_mtok', 'output_usd_per_mtok', 'cached_input_usd_per_mtok'] %}
                and coalesce(lag(prices.{{ column }}) over of_model, -1) = coalesce(prices.{{ column }}, -1)
            {% endfor %},
            false
        ) as continues
    from dated as prices
    inner join lists on prices.source_id = lists.source_id and prices.observed_on = lists.observed_on
    where prices.input_usd_per_mtok is not null or prices.output_usd_per_mtok is not null
    window of_model as (
        partition by prices.source_id, prices.provider_id, prices.model_id
        order by prices.observed_on
    )
),

spells as (
    select
        *,
        count(*) filter (where not continues) over (
            partition by source_id, provider_id, model_id
            order by observed_on
        ) as spell
    from shown
),

from_lists as (
    select
        model_id,
        provider_id,
        channel,
        min(observed_on) as valid_from,
        case
            when bool_or(next_observed_on is null) then null
            when {{ days_between('max(observed_on)', 'max(next_observed_on)') }} <= 60 then max(next_observed_on)
            else max(observed_on) + 1
        end as valid_to,
        max(observed_on) as observed_on,
        any_value(input_usd_per_mtok) as input_usd_per_mtok,
        any_value(output_usd_per_mtok) as output_usd_per_mtok,
        any_value(cached_input_usd_per_mtok) as cached_input_usd_per_mtok,
        min_by({{ struct_of_provenance() }}, observed_on) as known
    from spells
    group by source_id, model_id, provider_id, channel, spell
),

metergraph as (
    select
        model_id,
        publisher as provider_id,
        channel || ' ' || region as channel,
        effective_from as valid_from,
        effective_to as valid_to,
        effective_from as observed_on,
        input_usd_per_mtok,
        output_usd_per_mtok,
        cache_read_usd_per_mtok as cached_input_usd_per_mtok,
        {{ struct_of_provenance() }} as known
    from {{ ref('stg_metergraph_prices') }}
),

genai as (
    select
        model_id,
        provider as provider_id,
        'list' as channel,
        coalesce(start_date, reported_on) as valid_from,
        null::date as valid_to,
        reported_on as observed_on,
        input_usd_per_mtok,
        output_usd_per_mtok,
        cache_read_usd_per_mtok as cached_input_usd_per_mtok,
        {{ struct_of_provenance() }} as known
    from {{ ref('stg_genai_prices') }}
    where input_usd_per_mtok is not null or output_usd_per_mtok is not null
),

every_price as (
    select * from from_lists
    union all
    select * from metergraph
    union all
    select * from genai
)

select
    {{ all_but('every_price', ['known', 'valid_to']) }},
    -- An end that lies ahead, or is cut short by the next price, is not known on the day.
    case
        when least(valid_to, lead(valid_from) over of_model) <= (select as_of from {{ ref('stg_run_context') }})
            then least(valid_to, lead(valid_from) over of_model)
    end as valid_to,
    known.*
from every_price
window of_model as (partition by known.source_id, provider_id, channel, model_id order by valid_from)
