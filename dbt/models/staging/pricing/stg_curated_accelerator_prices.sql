select
    facts.priced_on::date as priced_on,
    facts.accelerator,
    facts.provider,
    facts.pricing,
    facts.usd_per_chip_hour,
    {{ provenance('facts') }}
from {{ known('curated_accelerator_prices') }} as facts
