select
    as_of::date as as_of,
    mode,
    snapshot_date::date as snapshot_date
from {{ source('raw', 'run_context') }}
