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
    facts.document_title,
    facts.quoted_by,
    facts.read_how,
    {{ provenance('facts') }}
from {{ known('published_figures') }} as facts
