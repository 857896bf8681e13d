-- FP8 and INT8 are two columns; the 8-bit rate is the larger. No document states a mode that is larger still.
{{ config(meta={'dagster': {'ref': {'name': 'chips'}}}) }}
select
    chips.chip_id,
    chips.ops_8bit_per_s / 1e12 as tops_8bit,
    max(told.value) / 1e12 as tops_8bit_told
from {{ ref('chips') }} as chips
inner join {{ ref('int_chip_figures') }} as told on chips.chip_id = told.chip_id
where told.source_id = 'chip_documents' and told.figure in ('flops_fp8_per_s', 'ops_int8_per_s') and told.value is not null
group by chips.chip_id, chips.ops_8bit_per_s
having chips.ops_8bit_per_s < 0.99 * max(told.value)
