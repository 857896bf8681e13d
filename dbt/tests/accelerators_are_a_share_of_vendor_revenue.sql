-- Chips and vendors are one market: the ratio of published medians lies inside p05 to p95 of the prior of that share, in
-- every calendar year and scenario. The priors are normal on either side of p50; AMD's moves from one to the other.
{{ config(meta={'dagster': {'ref': {'name': 'chip_market'}}}) }}
{{ config(tags=['forecast_stage']) }}
with priors as (
    select
        case
            when parameter_id like 'amd%' then 'amd'
            when parameter_id like 'xpu%' then 'broadcom-xpu'
            else 'nvidia'
        end as entity_id,
        min(p50 - (p50 - p10) * 1.6449 / 1.2816) as p05,
        max(p50 + (p90 - p50) * 1.6449 / 1.2816) as p95
    from {{ ref('assumptions') }}
    where
        parameter_id in ('amd_gpu_share_of_data_center', 'amd_gpu_share_to_come', 'xpu_share_of_broadcom_ai')
        or parameter_id = (
            select if(count(*) > 0, 'nvidia_compute_share_after_inputs', 'fallback_compute_share')
            from {{ ref('int_chip_sales_inputs') }}
            where parameter = 'compute_share_of_data_center_revenue'
        )
    group by all
),

vendors as (
    select
        origin_date,
        scenario_id,
        target_period,
        value as revenue_usd_m,
        case entity_id
            when 'nvidia-data-center' then 'nvidia'
            when 'amd-data-center' then 'amd'
            when 'broadcom-ai' then 'broadcom-xpu'
        end as entity_id
    from {{ ref('quantiles') }}
    where
        target_id = 'vendor_revenue'
        and model_id = 'recommended'
        and period_kind = 'calendar_year'
        and output_type = 'quantile'
        and output_type_id = 0.5
)

select
    chips.scenario_id,
    chips.entity_id,
    chips.target_period,
    chips.p50 / vendors.revenue_usd_m as ratio,
    priors.p05,
    priors.p95
from {{ ref('chip_market') }} as chips
inner join vendors using (origin_date, scenario_id, entity_id, target_period)
inner join priors using (entity_id)
where
    chips.target_id = 'ai_accelerator_revenue'
    and chips.p50 / vendors.revenue_usd_m not between priors.p05 and priors.p95
