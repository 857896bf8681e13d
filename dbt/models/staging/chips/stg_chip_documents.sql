-- One row per chip and figure: a rate becomes operations per second of its precision.
select
    facts.name as chip_name,
    facts.designer as manufacturer,
    case
        when facts.precision = 'fp16_bf16' then 'flops_16bit_per_s'
        when facts.precision = 'fp8' then 'flops_fp8_per_s'
        when facts.precision = 'int8' then 'ops_int8_per_s'
        when facts.precision = 'any_8bit' then 'ops_8bit_per_s'
        when facts.precision = 'fp4' then 'flops_fp4_per_s'
        when facts.precision = 'int4' then 'ops_int4_per_s'
        when facts.attribute = 'memory' then 'memory_gb'
        when facts.attribute = 'memory_bandwidth' then 'memory_bandwidth_gb_per_s'
        when facts.attribute = 'sram' then 'sram_gb'
        when facts.attribute = 'power' then 'tdp_w'
        else facts.attribute
    end as figure,
    case when facts.attribute = 'rate' then facts.value * 1e12 else facts.value end as value,
    facts.day::date as on_day,
    facts.basis,
    facts.read_how,
    facts.remark,
    {{ provenance('facts') }}
from {{ known('chip_documents') }} as facts
