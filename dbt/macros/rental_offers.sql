{# The rows of one staging model as offers; what is not named here has the column's own name there. #}
{% macro offers_of(
    model, provider='provider', region="'not stated'", terms="'on_demand'", offer='offer', chip_name='chip_name',
    chip_name_with_memory=none, usd_per_chip_hour='usd_per_chip_hour', known_chip_id='null', is_unknown_instance='false',
    machine=none, memory_gb='null'
) -%}
    select
        priced_on,
        {{ provider }} as provider,
        {{ region }} as region,
        {{ terms }} as terms,
        {{ offer }} as offer,
        {{ chip_name_with_memory or chip_name }} as chip_name_with_memory,
        {{ chip_name }} as chip_name,
        {{ usd_per_chip_hour }} as usd_per_chip_hour,
        {{ carried_provenance('listed') }},
        {{ known_chip_id }}::string as known_chip_id,
        {{ is_unknown_instance }} as is_unknown_instance,
        {{ machine or offer }} as machine,
        {{ memory_gb }}::double as memory_gb
    from {{ ref(model) }} as listed
{%- endmacro %}
