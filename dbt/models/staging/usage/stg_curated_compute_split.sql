select
    facts.organisation,
    facts.period,
    facts.component,
    facts.value,
    facts.unit,
    {{ provenance('facts') }}
from {{ known('curated_compute_split') }} as facts
