-- The address that a chip shows is that of the very row of a source that it names; another figure's page is nobody's there.
{{ config(meta={'dagster': {'ref': {'name': 'chips'}}}) }}
select
    chips.chip_id,
    chips.source_id,
    chips.source_row,
    chips.source_url
from {{ ref('chips') }} as chips
left join {{ ref('chip_figures') }} as figures
    on
        chips.source_id = figures.source_id
        and chips.source_row = figures.source_row
        and chips.source_url = figures.source_url
where chips.source_url is not null and figures.source_row is null
