-- Revenue neither halves nor rises to more than 2.1 times from one month to the next (Wiwynn's of March 2025, 1.86 times, is
-- the largest true jump, its 0.52 of April 2023 the deepest true fall), and no month is missing: hundreds of millions read as
-- millions, or a row of another month, break this.
{{ config(meta={'dagster': {'ref': {'name': 'monthly_revenue'}}}) }}
with steps as (
    select
        *,
        lag(revenue_twd_m) over (partition by vendor_id order by month_end) as before_twd_m,
        lag(month_end) over (partition by vendor_id order by month_end) as before_end
    from {{ ref('monthly_revenue') }}
)

select *
from steps
where
    revenue_twd_m not between 0.5 * before_twd_m and 2.1 * before_twd_m
    or {{ days_between('before_end', 'month_end') }} > 31
