-- Revenue of over USD 500 million does not fall by more than 55% or rise by more than 2.6 times in a quarter: the
-- largest true jumps here are NVIDIA Data Center's 2.41 in FY2024Q2 and AMD Client's 0.47 in FY2022Q3. A unit mistaken
-- by ten breaks this at once. Dell's shipments of AI servers come in single orders (1.8, then 8.2 billion in summer 2025).
with steps as (
    select
        *,
        lag(value_usd_m) over (
            partition by vendor_id, segment_id, metric, definition_version order by period_end
        ) as before_usd_m,
        lag(period_end) over (
            partition by vendor_id, segment_id, metric, definition_version order by period_end
        ) as before_end
    from {{ ref('vendor_quarters_vintages') }}
    where metric = 'revenue'
)

select *
from steps
where
    before_usd_m > 500
    and (vendor_id, segment_id) <> ('dell', 'ai-servers')
    and {{ days_between('before_end', 'period_end') }} < 120
    and (value_usd_m > 2.6 * before_usd_m or value_usd_m < 0.45 * before_usd_m)
