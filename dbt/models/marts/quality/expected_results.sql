-- By vendor the newest result here and the next one by the calendar: a quarter later (of three months where the last four
-- ended with a month, else of 13 weeks), out after as many days as the last four were. What should be out on the run's day
-- and is not here is missing.
with releases as (
    select
        vendor_id,
        period_end,
        max(fiscal_period) as fiscal_period,
        min(reported_on) as reported_on
    from {{ ref('vendor_quarters_vintages') }}
    where
        metric = 'revenue' and confidence <> 'estimate'
        and {{ days_between('period_end', 'reported_on') }} between 0 and 100
    group by vendor_id, period_end
),

ranked as (
    select
        *,
        row_number() over (partition by vendor_id order by period_end desc) as place
    from releases
),

newest as (
    select
        vendor_id,
        max(period_end) as newest_period_end,
        max_by(fiscal_period, period_end) as newest_fiscal_period,
        max(reported_on) as newest_reported_on,
        bool_and(period_end = last_day(period_end)) as ends_with_months,
        round(median({{ days_between('period_end', 'reported_on') }}))::int as usual_lag_days
    from ranked
    where place <= 4
    group by vendor_id
    having count(*) = 4
),

following as (
    select
        *,
        case
            when ends_with_months then last_day((newest_period_end + interval '3' month)::date)
            else (newest_period_end + interval '91' day)::date
        end as next_period_end
    from newest
)

select
    following.vendor_id,
    following.newest_fiscal_period,
    following.newest_period_end,
    following.newest_reported_on,
    following.next_period_end,
    following.next_period_end + following.usual_lag_days as next_expected_on,
    following.next_period_end + following.usual_lag_days <= context.as_of as is_missing
from following
cross join {{ ref('stg_run_context') }} as context
-- Of a company whose last quarter here is over a year old nothing is followed.
where following.newest_period_end > context.as_of - 400
