{{ config(tags=['forecast_stage']) }}
-- noqa: disable=LT02
-- Our shipments beside Epoch's, by the quarters that Epoch counts in: fiscal ones of NVIDIA and Broadcom, else calendar.
-- Mix and prices of ours come from Epoch as well, so agreement checks arithmetic, not truth.
{% set levels = ['p05', 'p50', 'p95'] -%}
with ours as (
    select
        designer_id,
        period_kind,
        calendar_quarter,
        {{ in_order('sum', 'units_p50') }} as units_p50,
        {{ in_order('sum', 'h100e_8bit_p50') }} as h100e_8bit_p50,
        1e6 * {{ in_order('sum', 'cost_usd_m_p50') }} as spend_usd,
        max(reported_on)::date as reported_on
    from {{ source('forecasts', 'own_shipments') }}
    group by all
),

newest as (
    select *
    from {{ ref('int_chip_shipments') }}
    qualify {{ is_latest_vintage() }}
),

epoch as (
    select
        designer_id,
        period_kind,
        calendar_quarter,
        min(period_start) as period_start,
        max(period_end) as period_end,
        {% for level in levels %}{{ in_order('sum', 'units_' ~ level) }} as units_{{ level }},
        {{ in_order('sum', 'h100e_8bit_' ~ level) }} as h100e_8bit_{{ level }},
        {% endfor %}
        max(estimate_vintage) as estimate_vintage,
        max(reported_on) as reported_on
    from newest
    group by all
    having not bool_or(is_incomplete)
)

select
    designer_id,
    period_kind,
    calendar_quarter,
    epoch.period_start,
    epoch.period_end,
    ours.units_p50 as our_units_p50,
    {% for level in levels %}epoch.units_{{ level }} as epoch_units_{{ level }},
    {% endfor %}
    ours.units_p50 / epoch.units_p50 as units_ratio,
    ours.units_p50 between epoch.units_p05 and epoch.units_p95 as is_units_inside,
    ours.h100e_8bit_p50 as our_h100e_8bit_p50,
    {% for level in levels %}epoch.h100e_8bit_{{ level }} as epoch_h100e_8bit_{{ level }},
    {% endfor %}
    ours.h100e_8bit_p50 / epoch.h100e_8bit_p50 as h100e_8bit_ratio,
    ours.h100e_8bit_p50 between epoch.h100e_8bit_p05 and epoch.h100e_8bit_p95 as is_h100e_8bit_inside,
    ours.spend_usd / ours.h100e_8bit_p50 as our_usd_per_h100e_8bit,
    ours.spend_usd / epoch.h100e_8bit_p50 as epoch_usd_per_h100e_8bit,
    case designer_id
        when 'nvidia'
            then 'same revenue, share and mix; our price is that of Epoch''s price table, its counts imply another'
        when 'alphabet'
            then 'mix and prices of Epoch''s input table; its counts put more of a quarter into the newer chip, and cost less'
        when 'amd' then 'our GPU share of Data Center revenue is one constant, so quarters of more or fewer GPUs differ'
        when 'amazon' then 'Epoch''s own count times a common factor'
    end as explanation,
    epoch.estimate_vintage,
    greatest(ours.reported_on, epoch.reported_on) as reported_on
from ours
inner join epoch using (designer_id, period_kind, calendar_quarter)
where period_kind = case when designer_id in ('nvidia', 'alphabet') then 'fiscal' else 'calendar' end
