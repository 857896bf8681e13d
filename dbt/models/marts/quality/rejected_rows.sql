select
    source_id,
    row_number,
    field,
    value,
    reason,
    row_json,
    was_published
from {{ source('raw', 'quality_rejected_rows') }}
