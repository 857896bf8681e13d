-- Means add where medians need not: the mean of the total is the sum of the vendors' means.
{{ config(tags=['forecast_stage']) }}
with means as (
    select
        target_period,
        period_kind,
        sum(mean) filter (where entity_id <> 'merchant_dc_silicon_total') as parts_usd_m,
        sum(mean) filter (where entity_id = 'merchant_dc_silicon_total') as total_usd_m,
        count(*) as entities
    from {{ ref('vendor_revenue') }}
    where
        entity_id in ('nvidia-data-center', 'amd-data-center', 'intel-dcai', 'broadcom-ai', 'merchant_dc_silicon_total')
        and period_kind = 'calendar_year'
    group by all
)

select *
from means
where entities = 5 and abs(parts_usd_m / total_usd_m - 1) > 0.001
