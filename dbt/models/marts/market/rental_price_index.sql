select
    rental.month as period_start,
    names.chip_id,
    rental.terms,
    rental.index_first_month_100,
    rental.providers,
    rental.provider_coverage_share,
    rental.last_observed_on,
    {{ carried_provenance('rental') }}
from {{ ref('stg_gpu_rental_index') }} as rental
inner join {{ ref('int_chip_names') }} as names on rental.gpu_model = names.alias and names.scope = 'prices'
