select
    listed_model,
    model_id,
    model_version,
    model_name,
    organisation,
    released_on,
    eci,
    accessibility,
    {{ carried_provenance('versions') }}
from {{ ref('stg_epoch_capabilities') }} as versions
