-- Statements that a second document showed to be wrong, or that two give differently, stay in the source.
select
    aliases.company_id,
    facts.metric,
    facts.segment as segment_id,
    facts.basis,
    facts.target_period,
    facts.period_end::date as period_end,
    facts.low as low_usd_m,
    facts.mid as mid_usd_m,
    facts.high as high_usd_m,
    facts.given_as,
    facts.source_kind,
    facts.quoted_by,
    facts.read_how,
    {{ provenance('facts') }}
from {{ known('read_guidance') }} as facts
left join {{ ref('stg_company_aliases') }} as aliases on lower(facts.issuer) = aliases.alias
where facts.given_as not in ('disputed', 'wrong')
