select
    model_id,
    entity_id,
    horizon,
    nominal,
    empirical,
    n,
    n_eff,
    band_low,
    band_high
from {{ source('forecasts', 'calibration') }}
