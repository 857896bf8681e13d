select
    facts.vendor as company,
    facts.series as segment,
    'history' as basis,
    'revenue' as metric,
    facts.fiscal_period,
    facts.calendar_quarter,
    facts.period_end::date as period_end,
    facts.value_usd_m,
    {{ provenance('facts') }}
from {{ known('vendor_revenue_history') }} as facts
