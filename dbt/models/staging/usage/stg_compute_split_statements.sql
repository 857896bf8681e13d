select
    facts.organisation,
    facts.period,
    facts.component,
    facts.value,
    facts.unit,
    facts.status,
    facts.read_in,
    facts.quoted_by,
    {{ provenance('facts') }}
from {{ known('compute_split_statements') }} as facts
