-- Quarterly segment figures of all sources on one key: filings before gathered facts, which the longer history fills in.
with gathered as (
    select
        segments.company_id,
        segments.segment_id,
        segments.definition_version,
        results.metric,
        results.fiscal_period,
        results.period_start,
        results.period_end,
        results.value as value_usd_m,
        false as is_derived,
        1 as source_rank,
        {{ carried_provenance('results') }}
    from {{ ref('stg_curated_segment_results') }} as results
    inner join {{ ref('segments') }} as segments
        on
            results.company = segments.source_company
            and results.segment = segments.source_segment
            and results.basis = segments.source_basis
    where results.unit = 'USD million' and results.fiscal_period like 'FY____Q_'
),

-- TSMC states the share of its platforms, not their revenue.
platform as (
    select
        totals.company_id,
        'hpc' as segment_id,
        'platform' as definition_version,
        'revenue' as metric,
        totals.fiscal_period,
        totals.period_start,
        totals.period_end,
        totals.value_usd_m * shares.value / 100 as value_usd_m,
        true as is_derived,
        1 as source_rank,
        {{ carried_provenance('shares')
            | replace('shares.source_row', both_rows('shares', 'totals') ~ ' as source_row')
            | replace('shares.reported_on,', 'greatest(shares.reported_on, totals.reported_on) as reported_on,')
            | replace('shares.confidence', "'derived' as confidence") }}
    from gathered as totals
    inner join {{ ref('stg_curated_segment_results') }} as shares
        on totals.fiscal_period = shares.fiscal_period and shares.company = 'TSMC' and shares.unit = 'percent'
    where totals.company_id = 'tsmc' and totals.segment_id = 'total'
),

history as (
    select
        segments.company_id,
        segments.segment_id,
        segments.definition_version,
        series.metric,
        coalesce(series.fiscal_period, calendar.fiscal_period) as fiscal_period,
        calendar.period_start,
        series.period_end,
        series.value_usd_m,
        series.segment = 'hpc_revenue' as is_derived,
        2 as source_rank,
        {{ carried_provenance('series') }}
    from {{ ref('stg_vendor_revenue_history') }} as series
    inner join {{ ref('segments') }} as segments
        on
            series.company = segments.source_company
            and series.segment = segments.source_segment
            and series.basis = segments.source_basis
    left join {{ ref('int_fiscal_quarters') }} as calendar
        on segments.company_id = calendar.company_id and series.period_end = calendar.period_end
    where coalesce(series.fiscal_period, calendar.fiscal_period) is not null
),

-- A company's total is out on the day of its segments; where none of them has a day, the day is assumed.
releases as (
    select
        aliases.company_id,
        results.period_end,
        min(results.reported_on) as reported_on,
        min_by(results.reported_on_basis, results.reported_on) as reported_on_basis
    from {{ ref('stg_curated_segment_results') }} as results
    inner join {{ ref('stg_company_aliases') }} as aliases on lower(results.company) = aliases.alias
    where {{ days_between('results.period_end', 'results.reported_on') }} between 0 and 100
    group by aliases.company_id, results.period_end
),

-- Moved so that its year ends in December, a fiscal quarter is a calendar quarter.
company_totals as (
    select
        quarterly.company_id,
        'total' as segment_id,
        'consolidated' as definition_version,
        quarterly.metric,
        'FY' || {{ quarter_of('quarterly.period_end + interval 1 month * (12 - companies.fiscal_year_end_month::int)') }}
            as fiscal_period,
        null::date as period_start,
        quarterly.period_end,
        quarterly.value_usd_m,
        false as is_derived,
        2 as source_rank,
        {{ carried_provenance('quarterly')
            | replace('quarterly.reported_on,', 'coalesce(releases.reported_on, quarterly.reported_on) as reported_on,')
            | replace(
                'quarterly.reported_on_basis',
                'coalesce(releases.reported_on_basis, quarterly.reported_on_basis) as reported_on_basis'
            ) }}
    from {{ ref('stg_curated_company_quarterly') }} as quarterly
    inner join {{ ref('companies') }} as companies on quarterly.company_id = companies.company_id
    left join releases on quarterly.company_id = releases.company_id and quarterly.period_end = releases.period_end
    where quarterly.metric = 'revenue'
)

select
    company_id,
    segment_id,
    definition_version,
    metric,
    fiscal_period,
    period_start,
    period_end,
    value_usd_m,
    is_derived,
    0 as source_rank,
    {{ carried_provenance('filed') }}
from {{ ref('int_filed_segments') }} as filed
union all
select * from gathered
union all
select * from platform
union all
select * from company_totals
union all
-- Intel's DCAI of 2025 has its own definition, which the longer history mixes with the old one.
select * from history
where not (company_id = 'intel' and fiscal_period >= 'FY2025')
