-- First and last day of every fiscal quarter that a figure speaks of, with the calendar quarter of its middle.
with stated as (
    select
        company_id,
        fiscal_period,
        period_start,
        period_end
    from {{ ref('stg_fiscal_calendar') }}
    union
    select
        aliases.company_id,
        results.fiscal_period,
        results.period_start,
        results.period_end
    from {{ ref('stg_curated_segment_results') }} as results
    inner join {{ ref('stg_company_aliases') }} as aliases on lower(results.company) = aliases.alias
    where results.fiscal_period like 'FY____Q_' and results.period_start is not null
)

select
    company_id,
    fiscal_period,
    -- Where two sources place a quarter differently by days, the fiscal calendar's own row has the later start.
    max(period_start) as period_start,
    max_by(period_end, period_start) as period_end,
    {{ calendar_quarter('max(period_start)', 'max_by(period_end, period_start)') }} as calendar_quarter
from stated
group by company_id, fiscal_period
