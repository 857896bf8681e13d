select
    aliases.company_id,
    facts.fiscal_period,
    facts.period_start::date as period_start,
    facts.period_end::date as period_end,
    facts.weeks::int as weeks,
    facts.calendar_quarter as stated_calendar_quarter,
    {{ provenance('facts') }}
from {{ known('fiscal_calendar') }} as facts
left join {{ ref('stg_company_aliases') }} as aliases on lower(facts.company) = aliases.alias
