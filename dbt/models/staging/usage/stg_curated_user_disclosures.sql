select
    facts.organisation,
    facts.product,
    facts.as_of::date as observed_on,
    facts.active_users_m,
    facts.active_per,
    facts.document_title,
    facts.quoted_by,
    facts.read_how,
    {{ provenance('facts') }}
from {{ known('curated_user_disclosures') }} as facts
