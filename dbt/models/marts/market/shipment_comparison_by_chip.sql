{{ config(tags=['forecast_stage']) }}
-- noqa: disable=LT02
{% set levels = ['p05', 'p50', 'p95'] -%}
with newest as (
    select *
    from {{ ref('int_chip_shipments') }}
    qualify {{ is_latest_vintage() }}
),

complete as (
    select
        designer_id,
        period_kind,
        calendar_quarter,
        max(estimate_vintage) as estimate_vintage,
        max(reported_on) as reported_on
    from newest
    group by designer_id, period_kind, calendar_quarter
    having not bool_or(is_incomplete)
),

epoch as (
    select
        newest.designer_id,
        newest.period_kind,
        newest.calendar_quarter,
        newest.chip_id,
        {% for level in levels %}{{ in_order('sum', 'newest.units_' ~ level) }} as units_{{ level }}{{ ',' if not loop.last }}
        {% endfor %}
    from newest
    group by newest.designer_id, newest.period_kind, newest.calendar_quarter, newest.chip_id
),

chips_of_both as (
    select
        designer_id,
        period_kind,
        calendar_quarter,
        chip_id
    from epoch
    union
    select
        designer_id,
        period_kind,
        calendar_quarter,
        chip_id
    from {{ source('forecasts', 'own_shipments') }}
)

select
    both_sides.designer_id,
    both_sides.chip_id,
    both_sides.period_kind,
    both_sides.calendar_quarter,
    {% for level in levels %}ours.units_{{ level }} as our_units_{{ level }},
    {% endfor %}
    {% for level in levels %}epoch.units_{{ level }} as epoch_units_{{ level }},
    {% endfor %}
    ours.units_p50 / nullif(epoch.units_p50, 0) as units_ratio,
    ours.units_p50 between epoch.units_p05 and epoch.units_p95 as is_units_inside,
    complete.estimate_vintage,
    greatest(coalesce(ours.reported_on::date, complete.reported_on), complete.reported_on) as reported_on
from chips_of_both as both_sides
inner join complete using (designer_id, period_kind, calendar_quarter)
left join epoch using (designer_id, period_kind, calendar_quarter, chip_id)
left join {{ source('forecasts', 'own_shipments') }} as ours using (designer_id, period_kind, calendar_quarter, chip_id)
where
    both_sides.period_kind = case when both_sides.designer_id in ('nvidia', 'alphabet') then 'fiscal' else 'calendar' end
    -- Ours begins later than Epoch's for some designers.
    and both_sides.calendar_quarter >= (
        select min(first_own.calendar_quarter)
        from {{ source('forecasts', 'own_shipments') }} as first_own
        where first_own.designer_id = both_sides.designer_id
    )
