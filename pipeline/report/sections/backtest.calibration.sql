select
    horizon,
    nominal,
    empirical,
    band_low,
    band_high,
    n,
    n_eff
from forecast.calibration
where model_id = 'recommended' and entity_id = 'pooled'
order by horizon, nominal
