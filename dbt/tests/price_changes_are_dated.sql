-- A list that is read from dated copies does not date all its prices to the day on which it was read.
{{ config(meta={'dagster': {'ref': {'name': 'token_price_history'}}}) }}
select
    source_id,
    valid_from,
    count(*) as rows_of_the_day,
    sum(count(*)) over (partition by source_id) as rows_of_source
from {{ ref('token_price_history') }}
where source_id in ('litellm_prices', 'litellm_price_changes', 'metergraph_prices', 'openrouter_prices')
group by source_id, valid_from
qualify count(*) > 0.6 * sum(count(*)) over (partition by source_id) and count(*) > 100
