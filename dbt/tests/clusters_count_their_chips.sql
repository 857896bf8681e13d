-- A cluster's H100e is its chips times the chip's own rate to 5% where the source names and counts them.
{{ config(meta={'dagster': {'ref': {'name': 'gpu_cluster_states'}}}) }}
select
    clusters.cluster_name,
    clusters.chip_id,
    clusters.chips,
    clusters.h100e
from {{ ref('gpu_cluster_states') }} as clusters
inner join {{ ref('chips') }} as chips on clusters.chip_id = chips.chip_id
where
    not clusters.is_mixed
    and clusters.chips > 0
    and abs(
        clusters.h100e / (clusters.chips * greatest(chips.flops_16bit_per_s, chips.ops_8bit_per_s) / {{ h100_ops_8bit_per_s() }})
        - 1
    ) > 0.05
