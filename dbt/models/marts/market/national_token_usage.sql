select
    organisation_id,
    name as scope,
    observed_on,
    stated_in,
    tokens_per_day,
    document_title,
    quoted_by,
    read_how,
    {{ carried_provenance('stated') }}
from {{ ref('int_usage_statements') }} as stated
where tokens_per_day is not null and organisation_id = 'china' and source_url is not null
