-- Figures that a second document showed to be of something else stay in the source. No whole is a part of itself.
select
    aliases.company_id,
    facts.side,
    facts.kind,
    facts.scope,
    facts.part,
    facts.definition,
    case when facts.part <> 'whole' or facts.overlaps_with <> facts.kind || ' of ' || facts.scope then facts.overlaps_with end as overlaps_with,
    facts.as_of::date as as_of,
    facts.value as value_usd_m,
    facts.source_kind,
    facts.quoted_by,
    facts.read_how,
    {{ provenance('facts') }}
from {{ known('read_commitments') }} as facts
left join {{ ref('stg_company_aliases') }} as aliases on lower(facts.issuer) = aliases.alias
where facts.given_as <> 'disputed'
