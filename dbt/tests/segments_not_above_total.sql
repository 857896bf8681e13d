-- A segment's revenue, and the sum of NVIDIA's FY2027 platforms, is not above the company's.
with totals as (
    select
        vendor_id,
        fiscal_period,
        value_usd_m as total_usd_m
    from {{ ref('vendor_quarters_vintages') }}
    where segment_id = 'total' and metric = 'revenue'
),

parts as (
    select
        vendor_id,
        fiscal_period,
        segment_id,
        value_usd_m
    from {{ ref('vendor_quarters_vintages') }}
    where segment_id <> 'total' and metric = 'revenue' and definition_version <> 'fy2027-platform'
    union all
    select
        vendor_id,
        fiscal_period,
        'all platforms',
        sum(value_usd_m)
    from {{ ref('vendor_quarters_vintages') }}
    where definition_version = 'fy2027-platform'
    group by all
)

select
    parts.*,
    totals.total_usd_m
from parts
inner join totals using (vendor_id, fiscal_period)
where parts.value_usd_m > totals.total_usd_m * 1.001
