-- A company's name for a segment in its XBRL as ours; the same name means another thing after a recast, so the day of
-- filing counts, too. AMD writes its own name in two ways. A name that no alias knows has no segment.
select
    facts.cik,
    facts.axis,
    facts.member,
    aliases.company_id,
    aliases.segment_id,
    aliases.definition_version,
    case facts.tag when 'us-gaap:OperatingIncomeLoss' then 'operating_income' else 'revenue' end as metric,
    facts.tag,
    facts.period_start::date as period_start,
    facts.period_end::date as period_end,
    facts.value / 1e6 as value_usd_m,
    facts.decimals,
    facts.accession,
    facts.filed_on::date as filed_on,
    {{ provenance('facts') }}
from {{ known('segment_filings') }} as facts
left join {{ ref('filed_segments') }} as aliases
    on
        facts.cik = aliases.cik::string
        and facts.axis = aliases.axis
        and lower(facts.member) = lower(aliases.member)
        and facts.filed_on::date >= coalesce(aliases.filed_from::date, facts.filed_on::date)
        and (aliases.filed_before is null or facts.filed_on::date < aliases.filed_before::date)
