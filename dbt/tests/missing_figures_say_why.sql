-- Every accelerator of the article and of 2022 and later has its 16-, 8- and 4-bit rates, memory, bandwidth and power, or
-- data/chip_documents.csv says why not: that the chip has no such mode and that its maker publishes none only by a document
-- that lists the others. Asked only of a run that knows them all.
{{ config(meta={'dagster': {'ref': {'name': 'chips'}}}) }}
with wanted (chip_id) as (
    values ('nvidia-a100-sxm-80gb'), ('nvidia-a10g')
    union
    select chip_id
    from {{ ref('chips') }}
    where coalesce(release_date, announced_on, current_date) >= date '2022-01-01'
),

figures as (
    {% for column in ['flops_16bit_per_s', 'ops_8bit_per_s', 'ops_4bit_per_s', 'memory_gb', 'memory_bandwidth_gb_per_s',
        'tdp_w'] -%}
        select
            chip_id,
            '{{ column }}' as figure
        from {{ ref('chips') }}
        where {{ column }} is null and family_members is null and accelerators_per_unit = 1
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select
    wanted.chip_id,
    figures.figure
from wanted
inner join figures on wanted.chip_id = figures.chip_id
left join {{ ref('int_chip_figures') }} as told
    on
        wanted.chip_id = told.chip_id
        and told.source_id = 'chip_documents'
        and told.value is null
        and (told.source_url is not null or told.basis in ('not_found', 'withheld'))
        and case figures.figure
            when 'ops_8bit_per_s' then told.figure in ('flops_fp8_per_s', 'ops_int8_per_s', 'ops_8bit_per_s')
            when 'ops_4bit_per_s' then told.figure in ('flops_fp4_per_s', 'ops_int4_per_s')
            else told.figure = figures.figure
        end
where told.chip_id is null and (select as_of from {{ ref('stg_run_context') }}) >= date '2026-09-24'
