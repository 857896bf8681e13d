-- Names in price lists that stand for no known accelerator or provider: listed, never guessed into a join.
select
    'accelerator' as name_kind,
    chip_as_written as name_as_written,
    source_id,
    count(*) as rows_affected
from {{ ref('int_rental_offers') }}
where chip_id is null
group by all
union all
select
    'provider',
    provider_as_written,
    source_id,
    count(*)
from {{ ref('int_rental_offers') }}
where provider_id is null
group by all
