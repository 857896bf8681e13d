select
    publisher,
    quantity,
    target_period,
    value,
    unit,
    qualifier,
    {{ carried_provenance('others') }}
from {{ ref('stg_curated_published_forecasts') }} as others
