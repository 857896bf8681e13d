select
    facts.publisher,
    facts.quantity,
    facts.target_period,
    facts.value,
    facts.unit,
    facts.qualifier,
    {{ provenance('facts') }}
from {{ known('curated_published_forecasts') }} as facts
