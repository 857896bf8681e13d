select
    facts.snapshot_date::date as observed_on,
    facts.model_key as model_id,
    facts.provider,
    facts.mode,
    facts.input_usd_per_mtok,
    facts.output_usd_per_mtok,
    facts.cache_read_usd_per_mtok,
    facts.other_prices,
    facts.ends_on::date as ends_on,
    {{ provenance('facts') }}
from {{ known('litellm_prices') }} as facts
where {{ names_a_model('facts.model_key') }}
