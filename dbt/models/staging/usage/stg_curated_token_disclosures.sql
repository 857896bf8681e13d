select
    facts.organisation,
    facts.scope,
    facts.as_of::date as observed_on,
    facts.disclosed_value,
    facts.disclosed_unit,
    facts.tokens_per_day_trillion * 1e12 as tokens_per_day,
    facts.document_title,
    facts.quoted_by,
    facts.read_how,
    {{ provenance('facts') }}
from {{ known('curated_token_disclosures') }} as facts
