select
    origin_date::date as origin_date,
    parameter_id,
    p10,
    p50,
    p90,
    unit,
    distribution,
    source,
    rationale,
    known_from::date as known_from,
    used_by,
    direction,
    uses_hindsight_assumption
from {{ source('forecasts', 'assumptions') }}
