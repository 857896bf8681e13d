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
        other_prices,
        {{ carried_provenance('prices') }}
    from {{ ref('stg_openrouter_prices') }} as prices
    union all
    select
        model_id,
        provider,
        'list',
        observed_on,
        input_usd_per_mtok,
        output_usd_per_mtok,
        cache_read_usd_per_mtok,
        other_prices,
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
        max_by(other_prices, observed_on) as other_prices,
        'first_seen' as valid_from_basis,
        min_by({{ struct_of_provenance() }}, observed_on) as known
    from spells
    group by source_id, model_id, provider_id, channel, spell
),

litellm as (
    select
        model_key as model_id,
        coalesce(provider, 'not stated') as provider_id,
        -- Perplexity sells models, its own too, at another price through its agent interface.
        case when model_key like 'perplexity/%/%' then 'list of agents' else 'list' end as channel,
        valid_from,
        valid_to,
        observed_on,
        input_usd_per_mtok,
        output_usd_per_mtok,
        cache_read_usd_per_mtok as cached_input_usd_per_mtok,
        other_prices,
        'first_seen' as valid_from_basis,
        known
    from {{ ref('int_litellm_spells') }}
),

metergraph as (
    select
        model_id,
        -- Who publishes the model need not be who sells it: the channel says that.
        channel as provider_id,
        channel || ' ' || region as channel,
        effective_from as valid_from,
        effective_to as valid_to,
        effective_from as observed_on,
        input_usd_per_mtok,
        output_usd_per_mtok,
        cache_read_usd_per_mtok as cached_input_usd_per_mtok,
        other_prices,
        'stated' as valid_from_basis,
        {{ struct_of_provenance() }} as known
    from {{ ref('stg_metergraph_prices') }}
),

genai as (
    select
        model_id,
        provider as provider_id,
        case when provider = 'perplexity' and model_id like '%/%' then 'list of agents' else 'list' end as channel,
        coalesce(start_date, reported_on) as valid_from,
        null::date as valid_to,
        reported_on as observed_on,
        input_usd_per_mtok,
        output_usd_per_mtok,
        cache_read_usd_per_mtok as cached_input_usd_per_mtok,
        other_prices,
        case when start_date is null then 'first_seen' else 'stated' end as valid_from_basis,
        {{ struct_of_provenance() }} as known
    from {{ ref('stg_genai_prices') }}
    where input_usd_per_mtok is not null or output_usd_per_mtok is not null
),

every_price as (
    select * from from_lists
    union all
    select * from litellm
    union all
    select * from metergraph
    union all
    select * from genai
),

sold as (
    select
        {{ all_but('every_price', ['provider_id', 'channel']) }},
        coalesce(providers.provider_id, every_price.provider_id) as provider_id,
        every_price.channel
        || case
            when every_price.channel = 'list' and every_price.provider_id <> coalesce(providers.provider_id, every_price.provider_id)
                then ' ' || every_price.provider_id
            else ''
        end as channel
    from every_price
    left join {{ ref('provider_aliases') }} as providers on every_price.provider_id = providers.alias
),

-- A provider's several lists are told apart; one list has one name, whatever a source calls it.
named as (
    select
        {{ all_but('sold', ['model_id', 'channel']) }},
        coalesce(lists_of_providers.channel, sold.channel) || {{ batch_of('sold.model_id') }} as channel,
        sold.model_id as listed_model,
        {{ plain_model_name('sold.model_id') }} as plain_name
    from sold
    left join {{ ref('price_lists') }} as lists_of_providers
        on sold.provider_id = lists_of_providers.provider_id and sold.channel = lists_of_providers.channel_as_written
),

resolved as (
    select
        {{ all_but('named', ['plain_name']) }},
        {{ resolved_model('named.plain_name') }}
    from named
    {{ join_model_aliases('named.plain_name', 'named.valid_from') }}
),

-- A provider's own page, else LiteLLM's list says until when it sells a model. A list that calls the earliest day an end is
-- wrong where the page has the model without a day.
offers as (
    select
        provider_id,
        model_id,
        channel,
        model_version,
        ended_on
    from {{ ref('ended_offers') }}
    where ended_on is not null
    union all
    select
        resolved.provider_id,
        resolved.model_id,
        resolved.channel,
        resolved.model_version,
        max(listed.ends_on)
    from resolved
    inner join {{ ref('stg_litellm_prices') }} as listed on resolved.listed_model = listed.model_id
    left join {{ ref('ended_offers') }} as still_sold
        on
            resolved.provider_id = still_sold.provider_id and resolved.model_id = still_sold.model_id
            and still_sold.ended_on is null
    where
        resolved.known.source_id like 'litellm%' and still_sold.model_id is null
        and listed.observed_on = (select max(observed_on) from {{ ref('stg_litellm_prices') }})
    group by 1, 2, 3, 4
    having count(*) = count(listed.ends_on)
),

ended as (
    select
        resolved.known.source_id,
        resolved.provider_id,
        resolved.channel,
        resolved.listed_model,
        resolved.valid_from,
        min(offers.ended_on) as ended_on
    from resolved
    inner join offers
        on
            resolved.provider_id = offers.provider_id
            and (resolved.model_id = offers.model_id or offers.model_id is null)
            and (resolved.channel = offers.channel or offers.channel is null)
            and (resolved.model_version = offers.model_version or offers.model_version is null)
    group by 1, 2, 3, 4, 5
),

bounded as (
    select
        {{ all_but('resolved', ['valid_to']) }},
        ended.ended_on,
        least(
            resolved.valid_to, ended.ended_on,
            lead(resolved.valid_from) over (
                partition by resolved.known.source_id, resolved.provider_id, resolved.channel, resolved.listed_model
                order by resolved.valid_from
            )
        ) as ends_on
    from resolved
    left join ended
        on
            resolved.known.source_id = ended.source_id
            and resolved.provider_id = ended.provider_id
            and resolved.channel = ended.channel
            and resolved.listed_model = ended.listed_model
            and resolved.valid_from = ended.valid_from
),

medians as (
    select
        model_id,
        median(output_usd_per_mtok) as output_usd_per_mtok,
        count(*) as prices
    from bounded
    where output_usd_per_mtok > 0
    group by model_id
)

-- What can't be a price of text tokens, or of what is sold, is held back with the reason.
select
    {{ all_but('bounded', ['known', 'ends_on']) }},
    -- An end that lies ahead, or is cut short by the next price, is not known on the day.
    case when bounded.ends_on <= (select as_of from {{ ref('stg_run_context') }}) then bounded.ends_on end as valid_to,
    case
        when withheld.reason is not null then withheld.reason
        when coalesce(bounded.input_usd_per_mtok, 0) = 0 and coalesce(bounded.output_usd_per_mtok, 0) = 0 then 'free or unknown'
        when bounded.output_usd_per_mtok = 0 then 'no price for output tokens'
        -- The dearest real one, o1-pro, is 600 for output.
        when greatest(bounded.input_usd_per_mtok, bounded.output_usd_per_mtok) > 1000 then 'above 1,000 USD per million tokens'
        when medians.prices >= 3 and bounded.output_usd_per_mtok > 100 * medians.output_usd_per_mtok
            then 'over 100 times the median of its model'
        when medians.prices >= 3 and bounded.output_usd_per_mtok < medians.output_usd_per_mtok / 100
            then 'under a hundredth of the median of its model'
        when bounded.output_usd_per_mtok < bounded.input_usd_per_mtok then 'output cheaper than input'
        when bounded.valid_from >= bounded.ended_on then 'listed after its provider had ended it'
    end as held_back_because,
    bounded.known.source_id,
    bounded.known.source_row,
    bounded.known.source_url,
    bounded.known.source_citation,
    bounded.known.url_status,
    bounded.known.reported_on,
    bounded.known.reported_on_basis,
    bounded.known.confidence,
    bounded.known.retrieved_at
from bounded
left join medians on bounded.model_id = medians.model_id
left join {{ ref('withheld_price_lists') }} as withheld
    on
        bounded.provider_id = withheld.provider_id
        and split_part(bounded.known.source_id, '_', 1) = withheld.source
        and (bounded.model_id = withheld.model_id or withheld.model_id is null)
