-- How sure the rows of each market table are, by the word that each carries, and how many of them name an address.
{% set tables = [
    'chips', 'chip_figures', 'chip_prices', 'rental_prices_by_terms', 'rental_price_index', 'rental_rate_cards',
    'rental_price_benchmarks', 'inference_benchmarks', 'inference_costs', 'training_benchmarks', 'token_prices', 'token_price_history',
    'token_price_at_ability', 'model_abilities', 'token_usage_by_model', 'usage_weighted_token_price',
    'token_price_declines', 'token_price_index', 'vendor_quarters_vintages', 'vendor_years', 'capex_quarters_vintages',
    'company_financials_vintages', 'guidance', 'token_usage', 'user_counts', 'training_runs', 'training_years',
    'compute_spend', 'compute_split', 'lab_compute', 'chip_shipments_by_source', 'chip_owners_vintages', 'gpu_cluster_states', 'data_centers',
    'price_performance', 'published_forecasts', 'commitments',
    'asset_lives'
] -%}
{# Worked out of many rows each, so that no one address is theirs. #}
{% set worked_out = [
    'rental_price_index', 'token_price_at_ability', 'usage_weighted_token_price', 'token_price_declines', 'token_price_index',
    'training_years'
] -%}
with rows_by_word as (
    {% for table in tables %}
        select
            'market.{{ table }}' as table_name,
            confidence,
            count(*) as rows,
            {{ 'null' if table in worked_out else 'count(source_url)' }}::bigint as rows_with_address
        from {{ ref(table) }}
        group by confidence
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select
    table_name,
    confidence,
    rows,
    rows / sum(rows) over (partition by table_name)::double as share_of_rows,
    rows_with_address
from rows_by_word
