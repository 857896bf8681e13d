select
    facts.week_start::date as week_start,
    facts.tokens_per_week_trillion * 1e12 / 7 as tokens_per_day,
    facts.is_partial = 'yes' as is_partial,
    {{ provenance('facts') }}
from {{ known('openrouter_weekly_tokens') }} as facts
