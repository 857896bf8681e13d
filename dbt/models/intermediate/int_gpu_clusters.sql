-- Clusters with their chips by id and the H100-equivalents that these make: number of chips x the chip's highest dense rate
-- at 16 or 8 bits over an H100's at 8 bits, as Epoch counts (a chip without an 8-bit mode runs such work at its 16-bit
-- rate). Epoch's own figure takes for some chips another rate (GB300 at INT8, Trainium2 and Gaudi2 at 16 bits, V100 none).
with named as (
    select
        *,
        replace(cluster_name, '"', '') as plain_name
    from {{ ref('stg_epoch_gpu_clusters') }}
),

rates as (
    select
        names.chip_name,
        names.chip_id,
        max(greatest(chips.flops_16bit_per_s, chips.ops_8bit_per_s)) / {{ h100_ops_8bit_per_s() }} as h100e_per_chip
    from {{ ref('int_chip_figures') }} as names
    inner join {{ ref('int_chips') }} as chips on names.chip_id = chips.chip_id
    where names.source_id = 'epoch_ml_hardware' and names.figure = 'release_date'
    group by names.chip_name, names.chip_id
)

select
    named.*,
    trim({{ replace_matches('named.plain_name', '( (Possible|Rumored|Planned))? Phase [0-9]+$', '') }}) as site,
    case
        when named.plain_name like '% Phase _'
            then right(named.plain_name, 1)::int
    end as phase,
    first_chip.chip_id,
    second_chip.chip_id as second_chip_id,
    named.second_chip_type is not null or coalesce(named.second_chips, 0) > 0 as is_mixed,
    case
        -- Chips that the source counts but does not name have no rate.
        when named.first_chips + coalesce(named.second_chips, 0) = named.chips
            then
                named.first_chips * first_chip.h100e_per_chip
                + case when named.second_chips > 0 then named.second_chips * second_chip.h100e_per_chip else 0 end
    end as h100e_of_chips
from named
left join rates as first_chip on named.chip_type = first_chip.chip_name
left join rates as second_chip on named.second_chip_type = second_chip.chip_name
