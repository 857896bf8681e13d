select
    facts.name as cluster_name,
    facts.row_id::int as cluster_number,
    facts.status,
    facts.certainty,
    facts.owner,
    facts.country,
    facts.sector,
    facts.first_operational_on::date as first_operational_on,
    facts.chip_type,
    facts.chips,
    facts.h100e,
    facts.power_mw,
    facts.cost_usd / 1e6 as cost_usd_m,
    facts.in_standard_analysis = 'yes' as in_standard_analysis,
    facts.possible_duplicate = 'yes' as possible_duplicate,
    {{ provenance('facts') }}
from {{ known('epoch_gpu_clusters') }} as facts
