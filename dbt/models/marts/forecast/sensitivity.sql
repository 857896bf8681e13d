select
    origin_date::date as origin_date,
    target_id,
    target_period,
    parameter_id,
    variance_share,
    effect_sign,
    rank,
    unit,
    evidence_class,
    uses_hindsight_assumption
from {{ source('forecasts', 'sensitivity') }}
