-- A list that is read from dated copies does not date all its prices to the day on which it was read. LiteLLM's copies and
-- its newest list are one list.
{{ config(meta={'dagster': {'ref': {'name': 'token_price_history'}}}) }}
select
    replace(source_id, 'litellm_price_changes', 'litellm_prices') as source_id,
    valid_from,
    count(*) as rows_of_the_day,
    sum(count(*)) over (partition by replace(source_id, 'litellm_price_changes', 'litellm_prices')) as rows_of_source
from {{ ref('token_price_history') }}
where source_id in ('litellm_prices', 'litellm_price_changes', 'metergraph_prices', 'openrouter_prices')
group by replace(source_id, 'litellm_price_changes', 'litellm_prices'), valid_from
qualify
    count(*) > 0.6 * sum(count(*)) over (partition by replace(source_id, 'litellm_price_changes', 'litellm_prices'))
    and count(*) > 100
