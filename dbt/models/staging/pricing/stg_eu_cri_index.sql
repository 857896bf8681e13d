select
    facts.observed_on::date as observed_on,
    facts.series,
    facts.usd_per_chip_hour,
    facts.sources_counted::int as sources_counted,
    facts.revision_flag,
    {{ provenance('facts') }}
from {{ known('eu_cri_index') }} as facts
