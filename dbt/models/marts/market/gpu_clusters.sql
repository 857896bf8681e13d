select
    cluster_name,
    cluster_number,
    status,
    certainty,
    owner,
    country,
    sector,
    first_operational_on,
    chip_type,
    chips,
    h100e,
    power_mw,
    cost_usd_m,
    in_standard_analysis,
    possible_duplicate,
    {{ carried_provenance('clusters') }}
from {{ ref('stg_epoch_gpu_clusters') }} as clusters
