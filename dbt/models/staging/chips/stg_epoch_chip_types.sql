select
    facts.chip_type as chip_name,
    facts.designer as manufacturer,
    facts.release_date::date as release_date,
    facts.flops_16bit_per_s,
    facts.ops_8bit_per_s,
    facts.memory_gb,
    facts.memory_bandwidth_tb_s * 1000 as memory_bandwidth_gb_per_s,
    coalesce(facts.tdp_w, facts.tdp_w_unofficial) as tdp_w,
    case
        when facts.cost_estimated_on <= (select as_of from {{ ref('stg_run_context') }}) then facts.approx_cost_usd
    end as approx_cost_usd,
    facts.cost_estimated_on::date as cost_estimated_on,
    {{ provenance('facts') }}
from {{ known('epoch_chip_types') }} as facts
