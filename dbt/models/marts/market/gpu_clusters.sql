-- What runs now, each site once; what is planned, past, unlikely or perhaps counted twice is in gpu_cluster_states.
select
    clusters.cluster_name,
    clusters.cluster_number,
    clusters.site,
    clusters.phase,
    clusters.certainty,
    clusters.owner,
    clusters.country,
    clusters.sector,
    clusters.first_operational_on,
    clusters.chip_type,
    clusters.chip_id,
    clusters.second_chip_id,
    clusters.is_mixed,
    clusters.chips,
    clusters.second_chips,
    clusters.h100e,
    clusters.h100e_basis,
    clusters.upstream_h100e,
    clusters.h100e_at_data_center,
    clusters.power_mw,
    clusters.cost_usd_m,
    clusters.in_standard_analysis,
    {{ carried_provenance('clusters') }}
from {{ ref('gpu_cluster_states') }} as clusters
where clusters.is_newest_state and clusters.certainty <> 'Unlikely' and not clusters.possible_duplicate
