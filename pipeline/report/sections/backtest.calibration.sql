with names as (
    select distinct
        entity_id,
        entity_name
    from forecast.vendor_revenue
),

pools as (
    select
        horizon,
        string_agg(split_part(names.entity_name, ' (', 1) || ' ' || scores.n, ', ' order by scores.n desc, scores.entity_id asc)
            as pool
    from forecast.scores
    inner join names using (entity_id)
    where
        model_id = 'recommended' and metric = 'log_wis' and target_window = 'all' and panel = 'spliced' and baseline_id is null
        and entity_id in ('nvidia-data-center', 'amd-data-center', 'intel-dcai', 'broadcom-ai')
    group by horizon
)

select
    horizon,
    nominal,
    empirical,
    band_low,
    band_high,
    n,
    n_eff,
    pool
from forecast.calibration inner join pools using (horizon)
where model_id = 'recommended' and entity_id = 'pooled'
order by horizon, nominal
