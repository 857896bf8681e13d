-- Three months of TSMC's revenue are the quarter's, within the rounding of the figures.
{{ config(meta={'dagster': {'ref': {'name': 'monthly_revenue'}}}) }}
with summed as (
    select
        vendor_id,
        {{ quarter_of('month_end') }} as calendar_quarter,
        sum(revenue_twd_m) as months_twd_m,
        sum({{ half_a_unit('revenue_twd_m') }}) as rounding_twd_m
    from {{ ref('monthly_revenue') }}
    group by all
    having count(*) = 3
)

select
    summed.*,
    quarters.value as quarter_twd_m
from summed
inner join {{ ref('company_financials') }} as quarters
    on summed.vendor_id = quarters.company_id and summed.calendar_quarter = quarters.calendar_quarter
where
    quarters.metric = 'revenue'
    and quarters.unit = 'TWD million'
    and abs(summed.months_twd_m - quarters.value) > summed.rounding_twd_m + {{ half_a_unit('quarters.value') }}
