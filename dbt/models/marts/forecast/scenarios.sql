select
    origin_date::date as origin_date,
    scenario_id,
    name,
    description,
    probability,
    parameter_id,
    operation,
    amount,
    base_p50,
    scenario_p50,
    unit
from {{ source('forecasts', 'scenarios') }}
