select
    aliases.company_id,
    facts.month_end::date as month_end,
    facts.value,
    facts.unit,
    facts.source_kind,
    facts.quoted_by,
    facts.read_how,
    {{ provenance('facts') }}
from {{ known('read_monthly_revenue') }} as facts
left join {{ ref('stg_company_aliases') }} as aliases on lower(facts.issuer) = aliases.alias
