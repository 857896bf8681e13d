select
    aliases.company_id,
    facts.segment as segment_id,
    facts.metric,
    facts.definition as definition_version,
    facts.fiscal_period,
    facts.period_end::date as period_end,
    facts.value,
    facts.unit,
    facts.source_kind,
    facts.quoted_by,
    facts.read_how,
    {{ provenance('facts') }}
from {{ known('read_results') }} as facts
left join {{ ref('stg_company_aliases') }} as aliases on lower(facts.issuer) = aliases.alias
