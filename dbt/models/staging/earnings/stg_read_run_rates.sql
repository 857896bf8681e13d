select
    aliases.company_id,
    facts.scope,
    facts.as_of::date as as_of,
    facts.value as usd_m_per_year,
    facts.qualifier,
    facts.stated_by,
    facts.source_kind,
    facts.quoted_by,
    facts.read_how,
    {{ provenance('facts') }}
from {{ known('read_run_rates') }} as facts
left join {{ ref('stg_company_aliases') }} as aliases on lower(facts.issuer) = aliases.alias
