select
    aliases.company_id as organisation_id,
    facts.lab,
    facts.as_of::date as observed_on,
    facts.h100e_8bit_p05,
    facts.h100e_8bit_p50,
    facts.h100e_8bit_p95,
    {{ provenance('facts') }}
from {{ known('epoch_lab_compute') }} as facts
left join {{ ref('stg_company_aliases') }} as aliases on lower(facts.lab) = aliases.alias
