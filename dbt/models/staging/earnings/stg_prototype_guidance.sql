select
    aliases.company_id,
    facts.metric,
    facts.target_period,
    facts.mid_usd_m,
    facts.issued_on::date as issued_on,
    {{ provenance('facts') }}
from {{ known('prototype_guidance') }} as facts
left join {{ ref('stg_company_aliases') }} as aliases on lower(facts.company) = aliases.alias
