-- Who reads verified may open the address and finds the issuer's own page or filing, not one that quotes it.
{{ config(meta={'dagster': {'ref': {'name': 'capex_quarters_vintages'}}}) }}
{% set tables = ['asset_lives', 'capex_quarters_vintages', 'commitments', 'compute_split', 'guidance', 'published_forecasts', 'run_rates',
    'token_usage', 'user_counts', 'vendor_quarters_vintages', 'vendor_years'] -%}
{% for table in tables %}
    select
        '{{ table }}' as table_name,
        source_row,
        quoted_by,
        source_url
    from {{ ref(table) }}
    where confidence = 'verified' and quoted_by is not null
    {% if not loop.last %}union all{% endif %}
{% endfor %}
