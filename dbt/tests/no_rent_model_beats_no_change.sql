-- No change is what is published because nothing was better: a model whose skill against it lies above zero by its interval, with
-- at least four forecasts that do not overlap, takes its place.
{{ config(severity='warn', meta={'dagster': {'ref': {'name': 'scores'}}}) }}
select
    model_id,
    horizon,
    skill,
    ci05,
    ci95,
    n
from {{ ref('scores') }}
where
    panel = 'rental_index' and entity_id = 'pooled-rents' and metric = 'log_wis' and baseline_id = 'naive'
    and n_eff >= 4 and ci05 > 0
