select
    facts.designer as designer_id,
    facts.parameter,
    facts.chip_type,
    facts.period,
    facts.period_start::date as period_start,
    facts.period_end::date as period_end,
    facts.low,
    facts.high,
    facts.unit,
    {{ provenance('facts') }}
from {{ known('epoch_chip_sales_inputs') }} as facts
