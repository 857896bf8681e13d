select
    facts.seen_on::date as seen_on,
    facts.model_key,
    facts.copy,
    facts.provider,
    facts.mode,
    facts.change,
    facts.input_usd_per_mtok,
    facts.output_usd_per_mtok,
    facts.cache_read_usd_per_mtok,
    {{ provenance('facts') }}
from {{ known('litellm_price_changes') }} as facts
