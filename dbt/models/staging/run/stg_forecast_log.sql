select
    release_id,
    recorded_on::date as recorded_on,
    origin_date::date as origin_date,
    target_id,
    entity_id,
    target_period,
    unit,
    output_type_id,
    value
from {{ source('raw', 'forecast_log') }}
