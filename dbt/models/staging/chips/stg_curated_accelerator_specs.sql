select
    facts.name as chip_name,
    facts.designer as manufacturer,
    facts.release_date::date as release_date,
    facts.flops_16bit_per_s,
    facts.ops_8bit_per_s,
    facts.ops_4bit_per_s,
    facts.memory_gb,
    facts.memory_bandwidth_tb_s * 1000 as memory_bandwidth_gb_per_s,
    facts.tdp_w,
    {{ provenance('facts') }}
from {{ known('curated_accelerator_specs') }} as facts
