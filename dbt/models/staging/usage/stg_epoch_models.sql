select
    facts.collection,
    facts.model,
    facts.organisation,
    facts.published_on::date as published_on,
    facts.domain,
    facts.parameters,
    facts.training_flop,
    facts.training_hardware,
    facts.hardware_quantity,
    facts.training_hours,
    facts.mfu_share,
    facts.accessibility,
    facts.certainty,
    facts.base_model,
    {{ provenance('facts') }}
from {{ known('epoch_models') }} as facts
