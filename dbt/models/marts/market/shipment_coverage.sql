{{ config(tags=['forecast_stage']) }}
with counted as (
    select
        shipments.chip_id as counted_as,
        shipments.chip_id,
        max(shipments.calendar_quarter) as last_counted_quarter
    from {{ ref('chip_shipments_by_source') }} as shipments
    group by shipments.chip_id
),

in_families as (
    select
        families.chip_id as counted_as,
        followed.chip_id,
        counted.last_counted_quarter
    from {{ ref('shipping_chips') }} as followed
    inner join {{ ref('chip_families') }} as families
        on ' ' || families.family_members || ' ' like '% ' || followed.chip_id || ' %'
    inner join counted on families.chip_id = counted.counted_as
)

select
    followed.chip_id,
    chips.designer_id,
    case
        when counted.chip_id is not null then 'counted'
        when in_families.chip_id is not null then 'counted in a family'
        else 'unobserved'
    end as observation,
    coalesce(counted.counted_as, in_families.counted_as) as counted_as,
    coalesce(counted.last_counted_quarter, in_families.last_counted_quarter) as last_counted_quarter,
    followed.why_followed
from {{ ref('shipping_chips') }} as followed
inner join {{ ref('chips') }} as chips on followed.chip_id = chips.chip_id
left join counted on followed.chip_id = counted.chip_id
left join in_families on followed.chip_id = in_families.chip_id
