-- A rate twice what a document states as dense counts products with zero.
{{ config(meta={'dagster': {'ref': {'name': 'chips'}}}) }}
{% for column, figures in {
    'flops_16bit_per_s': ['flops_16bit_per_s'],
    'ops_8bit_per_s': ['flops_fp8_per_s', 'ops_int8_per_s', 'ops_8bit_per_s'],
    'ops_4bit_per_s': ['flops_fp4_per_s', 'ops_int4_per_s'],
}.items() %}
    select
        chips.chip_id,
        '{{ column }}' as figure,
        chips.{{ column }} as rate,
        max(told.value) as dense_rate_told
    from {{ ref('chips') }} as chips
    inner join {{ ref('int_chip_figures') }} as told on chips.chip_id = told.chip_id
    where told.basis = 'dense' and told.value is not null and told.figure in ('{{ figures | join("', '") }}')
    group by chips.chip_id, chips.{{ column }}
    having chips.{{ column }} > 1.9 * max(told.value)
    {% if not loop.last %}union all{% endif %}
{% endfor %}
