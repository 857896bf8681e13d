select
    facts.report,
    facts.row_id,
    facts.organisation,
    facts.product,
    facts.as_of::date as observed_on,
    facts.active_users,
    facts.active_per,
    facts.tokens_per_day,
    {{ provenance('facts') }}
from {{ known('epoch_usage_reports') }} as facts
