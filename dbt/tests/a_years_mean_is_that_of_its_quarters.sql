-- Means add over time: the mean of a calendar year is the sum of its quarters' means, of whatever flows.
{{ config(tags=['forecast_stage']) }}
with means as (
    select
        scenario_id,
        target_id,
        entity_id,
        left(target_period, 4) as year,
        sum(value) filter (where period_kind = 'quarter') as quarters,
        sum(value) filter (where period_kind = 'calendar_year') as whole
    from {{ ref('quantiles') }}
    where
        output_type = 'mean' and period_kind in ('quarter', 'calendar_year')
        and unit in ('usd_m', 'h100e_hours', 'flop', 'twh') and (is_recommended or scenario_id <> 'base')
    group by all
    having count(*) = 5
)

select *
from means
where not abs(quarters / whole - 1) <= 1e-9
