select
    facts.period_start::date as period_start,
    facts.chip_id,
    facts.provider_id,
    facts.usd_per_chip_hour,
    {{ provenance('facts') }}
from {{ known('rental_rate_cards') }} as facts
