-- No price stands under another spelling of a provider's name.
{{ config(meta={'dagster': {'ref': {'name': 'token_prices'}}}) }}
{% for table in ['token_prices', 'rental_prices_by_terms', 'rental_rate_cards'] %}
    select
        '{{ table }}' as priced_in,
        prices.provider_id,
        aliases.provider_id as known_as,
        count(*) as prices
    from {{ ref(table) }} as prices
    inner join {{ ref('provider_aliases') }} as aliases on prices.provider_id = aliases.alias
    where prices.provider_id <> aliases.provider_id
    group by prices.provider_id, aliases.provider_id
    {% if not loop.last %}union all{% endif %}
{% endfor %}
