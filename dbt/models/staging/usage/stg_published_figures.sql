select
    facts.publisher,
    facts.quantity,
    facts.definition,
    facts.target_period,
    facts.value_low,
    facts.value,
    facts.value_high,
    facts.unit,
    facts.qualifier,
    {{ provenance('facts') }}
from {{ known('published_figures') }} as facts
