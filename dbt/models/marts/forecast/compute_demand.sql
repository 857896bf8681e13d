select
    origin_date::date as origin_date,
    scenario_id,
    target_period,
    target_end_date::date as target_end_date,
    workload,
    accounting,
    period_kind,
    p05,
    p10,
    p25,
    p50,
    p75,
    p90,
    p95,
    unit,
    evidence_class,
    uses_hindsight_assumption
from {{ source('forecasts', 'compute_demand') }}
