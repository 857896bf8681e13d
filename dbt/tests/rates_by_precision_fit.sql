-- An 8-bit rate is about twice the 16-bit one (1.9 leaves room for rounding) and a 4-bit rate no lower than the 8-bit one,
-- unless documents state both: a rate that does not fit is one of another precision, or one of the two counts sparsity.
{{ config(meta={'dagster': {'ref': {'name': 'chips'}}}) }}
with documented as (
    select
        chip_id,
        bool_or(figure = 'flops_16bit_per_s') as has_16bit,
        bool_or(figure in ('flops_fp8_per_s', 'ops_int8_per_s')) as has_8bit,
        bool_or(figure in ('flops_fp4_per_s', 'ops_int4_per_s')) as has_4bit
    from {{ ref('int_chip_figures') }}
    where source_id = 'chip_documents' and value is not null
    group by chip_id
)

select
    chips.chip_id,
    chips.flops_16bit_per_s / 1e12 as tflops_16bit,
    chips.ops_8bit_per_s / 1e12 as tops_8bit,
    chips.ops_4bit_per_s / 1e12 as tops_4bit
from {{ ref('chips') }} as chips
left join documented on chips.chip_id = documented.chip_id
where
    (
        chips.ops_8bit_per_s < 1.9 * chips.flops_16bit_per_s
        and not coalesce(documented.has_16bit and documented.has_8bit, false)
    )
    or (
        chips.ops_4bit_per_s < chips.ops_8bit_per_s
        and not coalesce(documented.has_8bit and documented.has_4bit, false)
    )
