-- No two rows of one organisation's model of the same name and training compute, whatever edition the name adds.
{{ config(meta={'dagster': {'ref': {'name': 'training_runs'}}}) }}
select
    organisation,
    trim({{ replace_matches('lower(model_name)', ' [(][^()]*[)]$', '') }}) as bare_name,
    training_flop,
    count(*) as rows_of_one_run
from {{ ref('training_runs') }}
where training_flop is not null
group by organisation, trim({{ replace_matches('lower(model_name)', ' [(][^()]*[)]$', '') }}), training_flop
having count(*) > 1
