-- What is recalled was read on no page: an address beside it would be that of another figure.
{{ config(meta={'dagster': {'ref': {'name': 'chips'}}}) }}
select
    chip_id,
    source_url
from {{ ref('chips') }}
where confidence = 'recalled' and source_url is not null
