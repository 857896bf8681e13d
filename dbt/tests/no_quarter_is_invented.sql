-- What is called reported rests on reported quarters alone: one that no source has is bridged for the model and says so.
{{ config(meta={'dagster': {'ref': {'name': 'vendor_revenue'}}}) }}
select
    entity_id,
    period_kind,
    target_period,
    last_actual,
    bridged_quarters
from {{ ref('vendor_revenue') }}
where
    bridged_quarters is not null and last_actual is not null
    and (
        period_kind = 'quarter' and round(last_actual, 3) not in (select round(value_usd_m, 3) from {{ ref('vendor_quarters_vintages') }})
        or period_kind = 'calendar_year' and bridged_quarters like '%' || (target_period::int - 1)::string || '%'
        or period_kind = 'next_four_quarters' and bridged_quarters >= (left(target_period, 4)::int - 1)::string || substr(target_period, 5, 2)
    )
