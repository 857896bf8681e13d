select
    facts.company as company_id,
    facts.period_end::date as period_end,
    facts.capex_usd_m,
    facts.derivation,
    facts.tag,
    {{ provenance('facts') }}
from {{ known('capex_first_filed') }} as facts
