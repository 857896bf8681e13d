-- What Epoch counts together (H200 with H100, HGX with GB200) stands under the family's id, not under one member's.
{{ config(meta={'dagster': {'ref': {'name': 'chip_shipments_by_source'}}}) }}
{% for table in ['chip_shipments_by_source', 'chip_owners_vintages'] %}
    select
        '{{ table }}' as counted_in,
        counted.chip_id,
        families.chip_id as family_id,
        counted.calendar_quarter
    from {{ ref(table) }} as counted
    inner join {{ ref('chip_families') }} as families
        on ' ' || families.family_members || ' ' like '% ' || counted.chip_id || ' %'
    {% if not loop.last %}union all{% endif %}
{% endfor %}
