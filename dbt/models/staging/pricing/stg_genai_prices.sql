select
    facts.provider,
    facts.model_id,
    facts.start_date::date as start_date,
    facts.input_usd_per_mtok,
    facts.output_usd_per_mtok,
    facts.cache_read_usd_per_mtok,
    {{ provenance('facts') }}
from {{ known('genai_prices') }} as facts
