-- Nothing is verified by default: only what comes from the issuer's own publication (filings, a benchmark's results, a
-- seller's own price list) or a row that was read in such a document carries the word.
{{ config(meta={'dagster': {'ref': {'name': 'token_prices'}}}) }}
{% set tables = ['asset_lives', 'capex_quarters_vintages', 'chip_figures', 'chip_owners_vintages', 'chip_prices', 'commitments', 'compute_spend', 'compute_split',
    'data_centers', 'gpu_cluster_states', 'guidance', 'lab_compute', 'price_performance', 'published_forecasts', 'rental_prices_by_terms', 'run_rates',
    'token_prices', 'token_price_history', 'token_usage', 'training_runs', 'user_counts', 'vendor_quarters_vintages', 'vendor_years'] -%}
with verified as (
    {% for table in tables -%}
        select
            '{{ table }}' as table_name,
            source_id
        from {{ ref(table) }}
        where confidence = 'verified'
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select
    table_name,
    source_id,
    count(*) as verified_rows
from verified
where
    source_id not in (
        'xbrl_facts', 'edgar_filings', 'segment_filings', 'openrouter_prices', 'openrouter_weekly_tokens', 'aws_ec2_prices',
        'azure_retail_prices', 'runpod_offers', 'vast_offers', 'chip_documents', 'read_guidance', 'published_figures', 'compute_split_statements',
        'fiscal_calendar'
    )
    and not source_id like 'read_%'
group by table_name, source_id
