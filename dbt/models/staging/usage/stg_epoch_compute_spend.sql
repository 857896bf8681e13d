select
    facts.report,
    aliases.company_id as organisation_id,
    facts.amount_usd / 1e6 as spend_usd_m,
    facts.category,
    facts.period_kind,
    facts.period_end::date as period_end,
    {{ provenance('facts') }}
from {{ known('epoch_compute_spend') }} as facts
left join {{ ref('stg_company_aliases') }} as aliases on lower(facts.organisation) = aliases.alias
