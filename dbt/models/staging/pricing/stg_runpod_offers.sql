-- One row per GPU type, cloud and terms.
{% for column, cloud, terms in [
    ('secure_usd_per_chip_hour', 'secure cloud', 'on_demand'),
    ('community_usd_per_chip_hour', 'community cloud', 'on_demand'),
    ('secure_spot_usd_per_chip_hour', 'secure cloud', 'spot'),
    ('community_spot_usd_per_chip_hour', 'community cloud', 'spot'),
] %}
    select
        facts.priced_on::date as priced_on,
        facts.gpu_id,
        '{{ cloud }}' as offer,
        '{{ terms }}' as terms,
        facts.gpu_memory_gb as memory_gb,
        facts.{{ column }} as usd_per_chip_hour,
        {{ provenance('facts') }}
    from {{ known('runpod_offers') }} as facts
    {% if not loop.last %}union all{% endif %}
{% endfor %}
