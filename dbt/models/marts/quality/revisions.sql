-- What an upstream said differently later: one row per changed fact. Both versions stay in the raw tables, and a run as
-- of an earlier day still sees the first.
select
    source_id,
    row_key,
    field,
    old_value,
    new_value,
    revised_on::date as revised_on,
    retrieved_at::date as retrieved_at
from {{ source('raw', 'quality_revisions') }}
where revised_on <= (select as_of from {{ ref('stg_run_context') }})
