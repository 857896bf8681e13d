-- An undated price held before the model's first dated one. Once that day has come it is history without a known start,
-- so it is left out: from its retrieval on it would pass for the newest.
select
    facts.provider,
    facts.model_id,
    facts.start_date::date as start_date,
    facts.input_usd_per_mtok,
    facts.output_usd_per_mtok,
    facts.cache_read_usd_per_mtok,
    facts.other_prices,
    {{ provenance('facts') }}
from {{ known('genai_prices') }} as facts
where {{ names_a_model('facts.model_id') }}
qualify
    facts.start_date is not null
    or coalesce(min(facts.start_date) over (partition by facts.provider, facts.model_id) > facts.reported_on, true)
