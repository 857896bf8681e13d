-- An accelerator that was measured is one of market.chips, which says what documents state of it; asked only of a run that
-- knows them all.
{{ config(meta={'dagster': {'ref': {'name': 'inference_benchmarks'}}}) }}
with measured as (
    select
        chip_id,
        accelerator_as_written
    from {{ ref('inference_benchmarks') }}
    union
    select
        chip_id,
        accelerator_as_written
    from {{ ref('training_benchmarks') }}
)

select measured.*
from measured
left join {{ ref('chips') }} as chips on measured.chip_id = chips.chip_id
where
    measured.chip_id is not null and chips.chip_id is null
    and (select as_of from {{ ref('stg_run_context') }}) >= date '2026-09-24'
