-- release_date is the day from which customers could have a chip: never before a document first showed it, nor the day of
-- that showing unless a document says that it was to be had at once.
{{ config(meta={'dagster': {'ref': {'name': 'chips'}}}) }}
select
    chips.chip_id,
    chips.release_date,
    chips.announced_on
from {{ ref('chips') }} as chips
left join {{ ref('int_chip_figures') }} as told
    on chips.chip_id = told.chip_id and told.source_id = 'chip_documents' and told.figure = 'release_date' and told.on_day is not null
where chips.release_date <= chips.announced_on and told.chip_id is null
