-- No two lists give a provider's current price of one version and channel differently by more than 1%, unless neither is dated;
-- no model is current that its provider has ended, or its maker where the seller has it from him; and what LiteLLM's newest list
-- does not show is none of its current prices.
{{ config(meta={'dagster': {'ref': {'name': 'token_price_history'}}}) }}
with prices as (
    select
        *,
        case when source_id like 'litellm%' then 'litellm' else source_id end as source_group,
        max(case when reported_on_basis = 'price_date' then valid_from end) over (
            partition by
                provider_id, model_id, model_version, channel,
                case when source_id like 'litellm%' then 'litellm' else source_id end
        ) as newest_of_list
    from {{ ref('token_price_history') }}
    where is_current
)

select
    one.provider_id,
    one.model_id,
    one.listed_model,
    one.input_usd_per_mtok,
    one.source_id,
    min(other.input_usd_per_mtok) as other_input_usd_per_mtok
from prices as one
inner join prices as other
    on
        one.provider_id = other.provider_id and one.model_id = other.model_id and one.model_version = other.model_version
        and one.channel = other.channel and one.source_group <> other.source_group
where other.reported_on_basis = 'price_date'
group by 1, 2, 3, 4, 5, one.output_usd_per_mtok, other.source_group, one.newest_of_list
having
    min(abs(one.input_usd_per_mtok / nullif(other.input_usd_per_mtok, 0) - 1)) > 0.01
    and not coalesce(one.newest_of_list >= max(other.valid_from), false)
union all
select
    prices.provider_id,
    prices.model_id,
    prices.listed_model,
    prices.input_usd_per_mtok,
    prices.source_id,
    null
from prices
inner join {{ ref('ended_offers') }} as ended
    on
        (prices.model_id = ended.model_id or ended.model_id is null)
        and (prices.channel = ended.channel or ended.channel is null)
        and (prices.model_version = ended.model_version or ended.model_version is null)
        and (
            prices.provider_id = ended.provider_id
            or (
                {{ is_its_maker('ended.provider_id', 'ended.model_id') }}
                and not {{ sells_on_its_own_terms('prices.provider_id') }}
            )
        )
cross join {{ ref('stg_run_context') }} as context
where context.as_of >= ended.ended_on
union all
select
    prices.provider_id,
    prices.model_id,
    prices.listed_model,
    prices.input_usd_per_mtok,
    prices.source_id,
    null
from prices
where
    prices.source_group = 'litellm'
    and prices.observed_on < (select max(observed_on) from {{ ref('stg_litellm_prices') }})
