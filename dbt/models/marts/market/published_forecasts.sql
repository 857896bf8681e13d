-- The gathered forecasts say their definition in the quantity's own words.
select
    publisher,
    quantity,
    quantity as definition,
    target_period,
    null::double as value_low,
    value,
    null::double as value_high,
    unit,
    qualifier,
    {{ carried_provenance('gathered') }}
from {{ ref('stg_curated_published_forecasts') }} as gathered
union all
select
    publisher,
    quantity,
    definition,
    target_period,
    value_low,
    value,
    value_high,
    unit,
    qualifier,
    {{ carried_provenance('figures') }}
from {{ ref('stg_published_figures') }} as figures
