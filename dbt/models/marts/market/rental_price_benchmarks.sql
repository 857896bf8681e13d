select
    days.observed_on,
    days.series,
    'nvidia-h100-sxm' as chip_id,
    days.usd_per_chip_hour,
    days.sources_counted,
    days.revision_flag,
    {{ carried_provenance('days') }}
from {{ ref('stg_eu_cri_index') }} as days
