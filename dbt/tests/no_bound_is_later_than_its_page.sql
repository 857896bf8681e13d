-- A page whose address has its day was known on that day, so no later bound stands beside it.
{{ config(meta={'dagster': {'ref': {'name': 'published_forecasts'}}}) }}
{% for table in ['asset_lives', 'commitments', 'compute_split', 'guidance', 'monthly_revenue', 'published_forecasts', 'run_rates', 'token_usage',
    'user_counts', 'vendor_quarters_vintages'] -%}
    select
        '{{ table }}' as table_name,
        source_url,
        reported_on
    from {{ ref(table) }}
    where
        reported_on_basis in ('upper_bound', 'assumed_lag')
        and replace(reported_on::string, '-', '/') > regexp_extract(source_url, '/(20[0-9]{2}/[0-9]{2}/[0-9]{2})/', 1)
        and regexp_extract(source_url, '/(20[0-9]{2}/[0-9]{2}/[0-9]{2})/', 1) <> ''
    {% if not loop.last %}union all{% endif %}
{% endfor %}
