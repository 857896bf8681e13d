select
    aliases.company_id,
    facts.period_end::date as period_end,
    facts.metric,
    facts.basis,
    facts.value as value_usd_m,
    {{ provenance('facts') }}
from {{ known('curated_company_quarterly') }} as facts
left join {{ ref('stg_company_aliases') }} as aliases on lower(facts.company) = aliases.alias
