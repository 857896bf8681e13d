-- Every model_id of prices, scores, usage, training runs and benchmarks has its row in market.models, every benchmark has a model, and
-- every provider_id has its row in market.providers. Shown beside the one that is built last.
{{ config(meta={'dagster': {'ref': {'name': 'inference_costs'}}}) }}
{% set used = {
    'model_id': [
        'token_prices', 'token_price_history', 'token_price_at_ability', 'model_abilities', 'training_runs', 'inference_benchmarks',
        'training_benchmarks', 'inference_costs', 'token_usage_by_model'
    ],
    'provider_id': ['token_prices', 'token_price_history', 'token_price_at_ability', 'rental_prices_by_terms', 'rental_rate_cards'],
} %}
{% for column, tables in used.items() %}
    {% for table in tables %}
        select
            '{{ table }}' as used_in,
            used.{{ column }} as listed_nowhere,
            count(*) as rows_affected
        from {{ ref(table) }} as used
        left join {{ ref('models' if column == 'model_id' else 'providers') }} as known on used.{{ column }} = known.{{ column }}
        -- The rest of a day's tokens is of no model.
        where known.{{ column }} is null {{ "and used.listed_model <> 'other'" if table == 'token_usage_by_model' }}
        group by used.{{ column }}
        union all
    {% endfor %}
{% endfor %}
select
    null,
    null,
    null
where false
