-- A row that the last release held and that now breaks its contract is no longer in the tables: a warning, with the row and
-- the reason.
{{ config(severity='warn', tags=['forecast_stage'], meta={'dagster': {'ref': {'name': 'rejected_rows'}}}) }}
select
    source_id,
    row_number,
    field,
    value,
    reason,
    row_json
from {{ ref('rejected_rows') }}
where was_published
