-- A statement on use is of a day up to that on which it was made: "this month", said on the 24th, is no figure of the 31st.
{{ config(meta={'dagster': {'ref': {'name': 'token_usage'}}}) }}
{% for table in ['token_usage', 'national_token_usage', 'user_counts'] -%}
    select
        '{{ table }}' as in_table,
        observed_on,
        reported_on,
        source_url
    from {{ ref(table) }}
    where observed_on > reported_on
    {{ 'union all' if not loop.last }}
{% endfor %}
