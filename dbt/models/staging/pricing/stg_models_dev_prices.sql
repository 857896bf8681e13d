select
    facts.snapshot_date::date as observed_on,
    facts.provider,
    facts.model_id,
    facts.input_usd_per_mtok,
    facts.output_usd_per_mtok,
    facts.cache_read_usd_per_mtok,
    facts.other_prices,
    {{ provenance('facts') }}
from {{ known('models_dev_prices') }} as facts
where {{ names_a_model('facts.model_id') }}
