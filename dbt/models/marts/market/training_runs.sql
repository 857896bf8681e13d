-- One row per model: the newest of Epoch's collections that holds it.
select
    {{ slug('models.model') }} as model_id,
    models.model as model_name,
    models.organisation,
    models.published_on as released_on,
    models.domain,
    models.parameters,
    models.training_flop,
    models.training_hardware,
    models.hardware_quantity,
    models.training_hours,
    models.mfu_share,
    models.accessibility,
    models.certainty as estimate_certainty,
    {{ carried_provenance('models') }}
from {{ ref('stg_epoch_models') }} as models
where models.published_on is not null
qualify row_number() over (
    partition by {{ slug('models.model') }} order by models.reported_on desc, models.collection desc, models.model asc
) = 1
