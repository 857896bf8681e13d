-- Off-chip memory of 2015 and later gives at most 100 times its size in a second (HBM of one-high stacks; an RTX 5090
-- gives 56): more is SRAM or a slipped decimal. Under 1 GB is SRAM, too.
{{ config(meta={'dagster': {'ref': {'name': 'chips'}}}) }}
select
    chip_id,
    memory_gb,
    memory_bandwidth_gb_per_s
from {{ ref('chips') }}
where
    coalesce(release_date, announced_on, current_date) >= date '2015-01-01'
    and (memory_gb < 1 or memory_bandwidth_gb_per_s > 100 * memory_gb or memory_bandwidth_gb_per_s > 50000)
