select
    aliases.company_id,
    facts.metric,
    facts.segment as segment_id,
    facts.fiscal_period,
    facts.quarters_ahead::int as quarters_ahead,
    facts.consensus,
    facts.unit,
    facts.expected_by,
    facts.source_kind,
    facts.quoted_by,
    facts.read_how,
    {{ provenance('facts') }}
from {{ known('read_consensus') }} as facts
left join {{ ref('stg_company_aliases') }} as aliases on lower(facts.company) = aliases.alias
where facts.given_as = 'consensus'
