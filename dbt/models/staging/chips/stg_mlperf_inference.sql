select
    facts.round,
    facts.published_on::date as published_on,
    facts.submitter,
    facts.system,
    facts.system_type,
    facts.status,
    facts.accelerator as accelerator_as_written,
    facts.accelerator_name,
    facts.is_mixed_system,
    facts.nodes::int as nodes,
    facts.accelerator_count::int as accelerators,
    facts.model as model_as_written,
    facts.scenario,
    facts.result,
    facts.unit,
    {{ provenance('facts') }}
from {{ known('mlperf_inference') }} as facts
