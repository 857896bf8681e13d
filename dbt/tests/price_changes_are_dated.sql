-- A list that is read from dated copies does not date all its prices to the day on which it was read. LiteLLM's copies and
-- its newest list are one list.
{{ config(meta={'dagster': {'ref': {'name': 'token_price_history'}}}) }}
with days as (
    select
        replace(source_id, 'litellm_price_changes', 'litellm_prices') as source_id,
        valid_from,
        count(*) as rows_of_the_day
    from {{ ref('token_price_history') }}
    where source_id in ('litellm_prices', 'litellm_price_changes', 'metergraph_prices', 'openrouter_prices')
    group by all
)

select *
from days
qualify rows_of_the_day > 0.6 * sum(rows_of_the_day) over (partition by source_id) and rows_of_the_day > 100
