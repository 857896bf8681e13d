-- Means add where medians need not: the mean of the total is the sum of the workloads' means.
{{ config(tags=['forecast_stage']) }}
with means as (
    select
        scenario_id,
        target_id,
        period_kind,
        target_period,
        sum(value) filter (where entity_id <> 'total') as parts,
        sum(value) filter (where entity_id = 'total') as total
    from {{ ref('quantiles') }}
    where output_type = 'mean' and target_id like 'compute_demand_%'
    group by all
)

select *
from means
where abs(parts / total - 1) > 1e-6 or parts is null or total is null
