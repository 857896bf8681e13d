-- One row per accelerator and source that describes it. A name without an alias becomes its own id.
with described as (
    select
        'hardware' as scope,
        chip_name,
        manufacturer,
        release_date,
        flops_16bit_per_s,
        ops_8bit_per_s,
        ops_4bit_per_s,
        memory_gb,
        memory_bandwidth_gb_per_s,
        tdp_w,
        {{ carried_provenance('specs') }}
    from {{ ref('stg_epoch_ml_hardware') }} as specs
    union all
    select
        'epoch_chip_sales',
        chip_name,
        manufacturer,
        release_date,
        flops_16bit_per_s,
        ops_8bit_per_s,
        null,
        memory_gb,
        memory_bandwidth_gb_per_s,
        tdp_w,
        {{ carried_provenance('specs') }}
    from {{ ref('stg_epoch_chip_types') }} as specs
    union all
    select
        'hardware',
        chip_name,
        manufacturer,
        release_date,
        flops_16bit_per_s,
        ops_8bit_per_s,
        ops_4bit_per_s,
        memory_gb,
        memory_bandwidth_gb_per_s,
        tdp_w,
        {{ carried_provenance('specs') }}
    from {{ ref('stg_curated_accelerator_specs') }} as specs
)

select
    coalesce(names.chip_id, {{ slug('described.chip_name') }}) as chip_id,
    {{ all_but('described', ['scope']) }}
from described
left join {{ ref('int_chip_names') }} as names
    on described.scope = names.scope and described.chip_name = names.alias
