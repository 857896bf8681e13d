{{ config(tags=['claims_stage']) }}
-- depends_on: {{ ref('freshness') }}
select
    stage,
    table_name,
    check_name,
    status,
    rows_failed::bigint as rows_failed,
    message,
    first_rows,
    came_from,
    query
from {{ source('raw', 'quality_checks') }}
