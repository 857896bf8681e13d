-- One row per model: the newest of Epoch's collections that holds it. A dated edition of a model (GPT-4 (Jun 2023)), and a
-- second entry of the same name and training compute (GPT-3.5 (davinci-002)), is no training run of its own.
with named as (
    select
        models.*,
        trim({{ replace_matches('models.model', ' [(]((Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) )?[0-9]{4}[)]$', '') }})
            as undated_name,
        trim({{ replace_matches('models.model', ' [(][^()]*[)]$', '') }}) as bare_name
    from {{ ref('stg_epoch_models') }} as models
    where models.published_on is not null
),

editions as (
    select *
    from named
    qualify row_number() over (
        -- CALM is not CaLM, nor Command R+ Command R.
        partition by trim(both '-' from {{ replace_matches("replace(undated_name, '+', ' plus')", '[^A-Za-z0-9]+', '-') }})
        order by (model = undated_name) desc, reported_on desc, collection desc, published_on asc
    ) = 1
),

runs as (
    select *
    from editions
    qualify row_number() over (
        partition by bare_name, organisation, coalesce(training_flop::string, model)
        order by length(undated_name), published_on
    ) = 1
),

named_plainly as (
    select
        *,
        {{ plain_model_name("replace(replace(undated_name, '/', ' '), '+', ' plus')") }} as plain_name
    from runs
)

select
    {{ resolved_model('runs.plain_name') }},
    runs.model as model_name,
    runs.organisation,
    runs.published_on as released_on,
    runs.domain,
    runs.parameters,
    runs.training_flop,
    runs.training_hardware,
    names.chip_id as training_chip_id,
    runs.hardware_quantity,
    runs.training_hours,
    runs.mfu_share,
    runs.base_model,
    runs.accessibility,
    runs.certainty as estimate_certainty,
    {{ carried_provenance('runs') }}
from named_plainly as runs
{{ join_model_aliases('runs.plain_name', 'runs.published_on') }}
left join {{ ref('int_chip_figures') }} as names
    on
        runs.training_hardware = names.chip_name
        and names.source_id = 'epoch_ml_hardware'
        and names.figure = 'release_date'
