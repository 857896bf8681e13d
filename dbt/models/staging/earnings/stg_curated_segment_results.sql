select
    facts.company,
    facts.segment,
    facts.metric,
    facts.basis,
    facts.fiscal_period,
    facts.period_start::date as period_start,
    facts.period_end::date as period_end,
    facts.value,
    facts.unit,
    {{ provenance('facts') }}
from {{ known('curated_segment_results') }} as facts
