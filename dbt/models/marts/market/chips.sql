with every_chip as (
    select
        *,
        1 as accelerators_per_unit
    from {{ ref('int_chips') }}
    union all
    -- A rack has the rates of its package and says how many there are.
    select
        systems.chip_id,
        systems.chip_name,
        {{ all_but('packages', ['chip_id', 'chip_name']) }},
        systems.accelerators_per_unit::int
    from {{ ref('chip_systems') }} as systems
    inner join {{ ref('int_chips') }} as packages on systems.package_chip_id = packages.chip_id
)

select
    chips.chip_id,
    chips.chip_name,
    coalesce(aliases.company_id, {{ slug("coalesce(chips.manufacturer, 'unknown')") }}) as designer_id,
    chips.release_date,
    chips.flops_16bit_per_s,
    chips.ops_8bit_per_s,
    chips.ops_4bit_per_s,
    chips.memory_gb,
    chips.memory_bandwidth_gb_per_s,
    chips.tdp_w,
    chips.flops_16bit_per_s / {{ h100_flops_16bit_per_s() }} as h100e_16bit,
    chips.ops_8bit_per_s / {{ h100_ops_8bit_per_s() }} as h100e_8bit,
    chips.memory_bandwidth_gb_per_s / {{ h100_memory_bandwidth_gb_per_s() }} as h100e_bandwidth,
    chips.accelerators_per_unit,
    case
        when chips.flops_16bit_per_s is null and chips.ops_8bit_per_s is null then 'no rate known'
        when chips.flops_16bit_per_s is null or chips.ops_8bit_per_s is null or chips.memory_bandwidth_gb_per_s is null
            then 'partial'
        else 'complete'
    end as spec_status,
    {{ carried_provenance('chips') }}
from (select
    *,
    case when source_url is null then 'not_recorded' else 'recorded' end as url_status
from every_chip) as chips
left join {{ ref('stg_company_aliases') }} as aliases on lower(chips.manufacturer) = aliases.alias
