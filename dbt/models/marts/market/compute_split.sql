select
    {{ slug('split.organisation') }} as organisation_id,
    split.period,
    split.component,
    split.value,
    split.unit,
    {{ carried_provenance('split') }}
from {{ ref('stg_curated_compute_split') }} as split
