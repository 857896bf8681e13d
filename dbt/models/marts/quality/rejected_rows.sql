select
    source_id,
    row_number,
    field,
    value,
    reason,
    row_json
from {{ source('raw', 'quality_rejected_rows') }}
