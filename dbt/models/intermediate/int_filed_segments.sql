-- Quarters of segments out of the filings' XBRL: the quarter that a report states, and the fourth as the year less nine
-- months. What was filed last counts, and is known from the first filing that says the same.
with facts as (
    select *
    from {{ ref('stg_segment_filings') }}
    where segment_id is not null and value_usd_m is not null
    -- Within one report: the exact figure before one rounded in the text, and all revenue before that from contracts.
    qualify row_number() over (
        partition by company_id, segment_id, metric, definition_version, period_start, period_end, accession
        order by tag = 'us-gaap:Revenues' desc, decimals = 'INF' desc, try_cast(decimals as int) desc
    ) = 1
),

latest as (
    select
        *,
        max_by(value_usd_m, filed_on) over (
            partition by company_id, segment_id, metric, definition_version, period_start, period_end
        ) as latest_usd_m
    from facts
),

versions as (
    select *
    from latest
    where value_usd_m = latest_usd_m
    qualify row_number() over (
        partition by company_id, segment_id, metric, definition_version, period_start, period_end order by filed_on
    ) = 1
),

quarters as (
    select
        stated.company_id,
        stated.segment_id,
        stated.metric,
        stated.definition_version,
        stated.period_start,
        stated.period_end,
        stated.value_usd_m,
        false as is_derived,
        {{ carried_provenance('stated') }}
    from versions as stated
    where {{ days_between('stated.period_start', 'stated.period_end') }} between 80 and 100
    union all
    select
        years.company_id,
        years.segment_id,
        years.metric,
        years.definition_version,
        nine_months.period_end + 1 as period_start,
        years.period_end,
        years.value_usd_m - nine_months.value_usd_m as value_usd_m,
        true as is_derived,
        {{ carried_provenance('years')
            | replace('years.source_row', both_rows('years', 'nine_months') ~ ' as source_row')
            | replace('years.reported_on,', 'greatest(years.reported_on, nine_months.reported_on) as reported_on,')
            | replace('years.confidence', "'derived' as confidence") }}
    from versions as years
    inner join versions as nine_months
        on
            years.company_id = nine_months.company_id
            and years.segment_id = nine_months.segment_id
            and years.metric = nine_months.metric
            and years.definition_version = nine_months.definition_version
            and years.period_start = nine_months.period_start
    where
        {{ days_between('years.period_start', 'years.period_end') }} between 350 and 380
        and {{ days_between('nine_months.period_end', 'years.period_end') }} between 80 and 100
)

select
    quarters.company_id,
    quarters.segment_id,
    quarters.definition_version,
    quarters.metric,
    -- Years of 52 or 53 weeks end some days before or after their month.
    'FY' || (
        year(quarters.period_end - 15)
        + (month(quarters.period_end - 15) > companies.fiscal_year_end_month)::int
    )::string
    || 'Q' || (
        4 - floor(((companies.fiscal_year_end_month - month(quarters.period_end - 15) + 12) % 12) / 3)
    )::int::string as fiscal_period,
    quarters.period_start,
    quarters.period_end,
    quarters.value_usd_m,
    quarters.is_derived,
    {{ carried_provenance('quarters') }}
from quarters
inner join {{ ref('companies') }} as companies on quarters.company_id = companies.company_id
qualify row_number() over (
    partition by quarters.company_id, quarters.segment_id, quarters.metric, quarters.definition_version, quarters.period_end
    order by quarters.is_derived
) = 1
