-- Every model_id of prices, scores, usage, training runs and benchmarks has its row in market.models. Shown beside the one that is built last.
{{ config(meta={'dagster': {'ref': {'name': 'inference_costs'}}}) }}
{% set tables = [
    'token_prices', 'token_price_at_ability', 'model_abilities', 'training_runs', 'inference_benchmarks', 'training_benchmarks',
    'inference_costs', 'token_usage_by_model'
] %}
{% for table in tables %}
    select
        '{{ table }}' as used_in,
        used.model_id,
        count(*) as rows_without_model
    from {{ ref(table) }} as used
    left join {{ ref('models') }} as models on used.model_id = models.model_id
    where used.model_id is not null and models.model_id is null
    group by used.model_id
    {% if not loop.last %}union all{% endif %}
{% endfor %}
