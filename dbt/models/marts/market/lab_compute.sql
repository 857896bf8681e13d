select
    organisation_id,
    lab,
    observed_on,
    h100e_8bit_p05,
    h100e_8bit_p50,
    h100e_8bit_p95,
    {{ carried_provenance('labs') }}
from {{ ref('stg_epoch_lab_compute') }} as labs
