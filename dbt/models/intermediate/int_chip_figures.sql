-- Every figure of every accelerator by every source that states it. A document comes before Epoch's chip types (checked
-- against datasheets there), these before Epoch's hardware table; but memory, power and days come from the table first. A
-- document that says why there is no figure stops a lesser source's. A name without an alias becomes its own id.
{% set rates = ['flops_16bit_per_s', 'ops_8bit_per_s'] -%}
{% set split_rates = ['flops_fp8_per_s', 'ops_int8_per_s', 'flops_fp4_per_s', 'ops_int4_per_s'] -%}
{% set rest = ['memory_gb', 'memory_bandwidth_gb_per_s', 'tdp_w'] -%}
with stated as (
    select
        'hardware' as scope,
        chip_name,
        manufacturer,
        figure,
        value,
        on_day,
        basis,
        remark,
        0 as rank,
        {{ carried_provenance('documents') }}
    from {{ ref('stg_chip_documents') }} as documents
    {% for model, scope, figures, rank_of_rates, rank_of_rest in [
        ('stg_epoch_chip_types', 'epoch_chip_sales', rates + rest, 1, 2),
        ('stg_epoch_ml_hardware', 'hardware', rates[:1] + split_rates + rest, 2, 1),
    ] -%}
        {% for figure in figures -%}
            union all
            select
                '{{ scope }}',
                chip_name,
                manufacturer,
                '{{ figure }}',
                {{ figure }},
                null::date,
                'upstream',
                null,
                {{ rank_of_rest if figure in rest else rank_of_rates }},
                {{ carried_provenance('specs') }}
            from {{ ref(model) }} as specs
            where {{ figure }} is not null
        {% endfor -%}
        union all
        select
            '{{ scope }}',
            chip_name,
            manufacturer,
            'release_date',
            null,
            release_date,
            'upstream',
            null,
            {{ rank_of_rest }},
            {{ carried_provenance('specs') }}
        from {{ ref(model) }} as specs
    {% endfor -%}
)

select
    coalesce(names.chip_id, {{ slug('stated.chip_name') }}) as chip_id,
    {{ all_but('stated', ['scope']) }}
from stated
left join {{ ref('int_chip_names') }} as names on stated.scope = names.scope and stated.chip_name = names.alias
