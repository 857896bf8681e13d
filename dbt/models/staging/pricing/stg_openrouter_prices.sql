-- Zero is a free variant or an unknown price, never a price.
select
    facts.snapshot_date::date as observed_on,
    facts.model_id,
    nullif(facts.input_usd_per_mtok, 0) as input_usd_per_mtok,
    nullif(facts.output_usd_per_mtok, 0) as output_usd_per_mtok,
    facts.other_prices,
    {{ provenance('facts') }}
from {{ known('openrouter_prices') }} as facts
where {{ names_a_model('facts.model_id') }}
