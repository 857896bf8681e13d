{% set gaps = {
    '16-bit': 'flops_16bit_per_s', '8-bit': 'ops_8bit_per_s', '4-bit': 'ops_4bit_per_s', 'memory': 'memory_gb',
    'bandwidth': 'memory_bandwidth_gb_per_s', 'power': 'tdp_w',
} -%}
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
    coalesce(families.chip_name, chips.chip_name) as chip_name,
    families.family_members,
    coalesce(aliases.company_id, {{ slug("coalesce(chips.manufacturer, 'unknown')") }}) as designer_id,
    chips.release_date,
    chips.announced_on,
    chips.flops_16bit_per_s,
    chips.flops_fp8_per_s,
    chips.ops_int8_per_s,
    chips.ops_8bit_per_s,
    chips.flops_fp4_per_s,
    chips.ops_int4_per_s,
    chips.ops_4bit_per_s,
    nullif(trim(
        {%- for name in ['16bit', '8bit', '4bit'] %}
            case when chips.is_{{ name }}_basis_missing then '{{ name | replace("bit", "-bit") }} ' else '' end
            {{- ' ||' if not loop.last }}
        {%- endfor %}
    ), '') as basis_not_stated,
    chips.memory_gb,
    chips.sram_gb,
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
    nullif(trim(
        {%- for name, column in gaps.items() %}
            case
                when chips.{{ column }} is null
                    then '{{ name }}: ' || coalesce(
                        chips.no_{{ name | replace("-", "") }}_because,
                        case when families.chip_id is null then 'not_read' else 'by_member' end
                    ) || ' '
                else ''
            end
            {{- ' ||' if not loop.last }}
        {%- endfor %}
    ), '') as missing_figures,
    {{ carried_provenance('chips') }}
from (select
    *,
    case when source_url is null then 'not_recorded' else 'recorded' end as url_status
from every_chip) as chips
left join {{ ref('stg_company_aliases') }} as aliases on lower(chips.manufacturer) = aliases.alias
left join {{ ref('chip_families') }} as families on chips.chip_id = families.chip_id
