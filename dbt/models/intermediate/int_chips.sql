-- noqa: disable=LT02
-- One row per accelerator: each figure from the first source that speaks of it. An entry that a document calls no chip of
-- its own is left out.
{% set rates = {
    '16-bit': ['flops_16bit_per_s'],
    '8-bit': ['flops_fp8_per_s', 'ops_int8_per_s', 'ops_8bit_per_s'],
    '4-bit': ['flops_fp4_per_s', 'ops_int4_per_s'],
} -%}
{% set figures = ['flops_16bit_per_s', 'flops_fp8_per_s', 'ops_int8_per_s', 'flops_fp4_per_s', 'ops_int4_per_s', 'memory_gb',
    'sram_gb', 'memory_bandwidth_gb_per_s', 'tdp_w'] -%}
with first_of as (
    select *
    from {{ ref('int_chip_figures') }}
    qualify row_number() over (partition by chip_id, figure order by rank, chip_name) = 1
),

pivoted as (
    select
        chip_id,
        {{ first_known('chip_name', 'rank') }} as chip_name,
        {{ first_known('manufacturer', 'rank') }} as manufacturer,
        max(case when figure = 'release_date' then on_day end) as release_date,
        max(case when figure = 'announced_on' then on_day end) as announced_on,
        {% for figure in figures -%}
            max(case when figure = '{{ figure }}' then value end) as {{ figure }},
        {% endfor -%}
        max(case when figure = 'ops_8bit_per_s' then value end) as unsplit_8bit,
        coalesce(bool_or(figure = 'ops_8bit_per_s'), false) as has_unsplit_8bit,
        coalesce(bool_or(figure in ('flops_fp8_per_s', 'ops_int8_per_s') and rank = 0 and value is not null), false)
        and not coalesce(bool_or(figure = 'ops_8bit_per_s' and rank = 0), false) as is_8bit_documented,
        {% for name, group in rates.items() -%}
            bool_or(figure in ('{{ group | join("', '") }}') and basis = 'not_stated' and value is not null)
                as is_{{ name | replace('-', '') }}_basis_missing,
        {% endfor -%}
        {% for name, group in dict(rates, memory=['memory_gb'], bandwidth=['memory_bandwidth_gb_per_s'],
            power=['tdp_w']).items() -%}
            max(case when figure in ('{{ group | join("', '") }}') and value is null then basis end)
                as no_{{ name | replace('-', '') }}_because,
        {% endfor -%}
        count(distinct source_id)::int as sources,
        -- The row is as sure as the least sure of its figures; without a figure it is not verified.
        case
            when bool_or(confidence = 'recalled' and value is not null) then 'recalled'
            when bool_and(confidence = 'verified' or value is null) and count(value) > 0 then 'verified'
            else 'quoted'
        end as confidence,
        max(reported_on) as reported_on,
        -- All of one figure: its page beside another figure's source would be nobody's.
        min_by(
            {{ struct_of(['source_id', 'source_row', 'source_url', 'source_citation', 'reported_on_basis', 'retrieved_at']) }},
            {{ ranked_by([
                'value is null', 'rank',
                "case figure when 'flops_16bit_per_s' then 0 when 'memory_gb' then 1 else 2 end", 'figure'
            ]) }}
        ) as shown
    from first_of
    group by chip_id
    having not coalesce(bool_or(figure = 'existence' and basis = 'withheld'), false)
)

select
    {{ all_but('pivoted', ['shown']) }},
    {% for name in ['source_id', 'source_row', 'source_citation', 'reported_on_basis', 'retrieved_at'] -%}
        shown.{{ name }} as {{ name }},
    {% endfor -%}
    -- A page of other figures is no page of the recalled one.
    case when confidence <> 'recalled' then shown.source_url end as source_url,
    case
        when is_8bit_documented or not has_unsplit_8bit then greatest(flops_fp8_per_s, ops_int8_per_s)
        else unsplit_8bit
    end as ops_8bit_per_s,
    greatest(flops_fp4_per_s, ops_int4_per_s) as ops_4bit_per_s
from pivoted
