select
    facts.canonical_id as model_id,
    facts.publisher,
    facts.channel,
    facts.region,
    facts.effective_from::date as effective_from,
    facts.effective_to::date as effective_to,
    facts.input_usd_per_mtok,
    facts.output_usd_per_mtok,
    facts.cache_read_usd_per_mtok,
    facts.other_prices,
    {{ provenance('facts') }}
from {{ known('metergraph_prices') }} as facts
