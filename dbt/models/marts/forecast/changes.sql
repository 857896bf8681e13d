select
    origin_date::date as origin_date,
    previous_origin_date::date as previous_origin_date,
    entity_id,
    period_kind,
    target_period,
    p50,
    previous_p50,
    change_pct,
    unit,
    attributed_to,
    evidence_class
from {{ source('forecasts', 'changes') }}
