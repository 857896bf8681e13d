select
    facts.seen_on::date as seen_on,
    facts.accelerator,
    facts.tdp_w,
    facts.all_in_kw_per_gpu,
    facts.usd_per_gpu_hour_hyperscaler,
    facts.usd_per_gpu_hour_neocloud,
    facts.usd_per_gpu_hour_rental,
    {{ provenance('facts') }}
from {{ known('inferencex_gpu_costs') }} as facts
