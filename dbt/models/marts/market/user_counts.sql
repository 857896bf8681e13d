select
    organisation_id,
    name as product,
    observed_on,
    active_per,
    stated_in as report,
    active_users_m,
    document_title,
    quoted_by,
    read_how,
    {{ carried_provenance('stated') }}
from {{ ref('int_usage_statements') }} as stated
where active_users_m is not null
