-- Quarters of cash capital expenditure, operating cash flow, depreciation and operating income out of filings, as first filed
-- and as filed last. A 10-Q states cash flows since the start of the fiscal year, so a quarter is the difference of two of
-- them; the fourth quarter is the year less nine months. Where a filing states three months by themselves, that figure counts.
-- Both filings of a difference are of one year's reporting: a year restated without its nine months gives no quarter of its
-- own, and the one filed first stays.
with facts as (
    select
        company_id,
        case
            when
                tag = case
                    when company_id = 'amazon' then 'PaymentsToAcquireProductiveAssets'
                    else 'PaymentsToAcquirePropertyPlantAndEquipment'
                end
                then 'capex_cash'
            when tag = 'NetCashProvidedByUsedInOperatingActivities' then 'operating_cash_flow'
            when tag = 'DepreciationDepletionAndAmortization' then 'depreciation_and_amortisation'
            when tag = 'OperatingIncomeLoss' then 'operating_income'
        end as metric,
        period_start,
        period_end,
        filed_on,
        value / 1e6 as value_usd_m,
        source_row,
        source_url,
        source_citation,
        retrieved_at
    from {{ ref('stg_xbrl_facts') }}
    where
        company_id is not null
        and unit = 'USD'
        and {{ days_between('period_start', 'period_end') }} between 80 and 371
),

latest as (
    select
        *,
        max_by(value_usd_m, filed_on) over (partition by company_id, metric, period_start, period_end) as latest_usd_m
    from facts
    where metric is not null
),

-- A value is known from the first filing that states it, also the one that was filed last.
versions as (
    select
        company_id,
        metric,
        period_start,
        period_end,
        vintages.vintage,
        min_by(value_usd_m, filed_on) as value_usd_m,
        min(filed_on) as filed_on,
        min_by(source_row, filed_on) as source_row,
        min_by(source_url, filed_on) as source_url,
        min_by(source_citation, filed_on) as source_citation,
        max(retrieved_at) as retrieved_at
    from latest
    cross join (values ('first'), ('latest')) as vintages (vintage)
    where vintages.vintage = 'first' or latest.value_usd_m = latest.latest_usd_m
    group by company_id, metric, period_start, period_end, vintages.vintage
),

quarters as (
    select
        company_id,
        metric,
        vintage,
        period_start,
        period_end,
        value_usd_m,
        filed_on,
        source_row,
        source_url,
        source_citation,
        retrieved_at,
        true as is_stated
    from versions
    where {{ days_between('period_start', 'period_end') }} < 100
    union all
    select
        whole.company_id,
        whole.metric,
        whole.vintage,
        part.period_end + 1 as period_start,
        whole.period_end,
        whole.value_usd_m - part.value_usd_m as value_usd_m,
        greatest(whole.filed_on, part.filed_on) as filed_on,
        {{ both_rows('whole', 'part') }} as source_row,
        whole.source_url,
        whole.source_citation,
        whole.retrieved_at,
        false as is_stated
    from versions as whole
    inner join versions as part
        on
            whole.company_id = part.company_id
            and whole.metric = part.metric
            and whole.vintage = part.vintage
            and whole.period_start = part.period_start
            and {{ days_between('part.period_end', 'whole.period_end') }} between 80 and 100
            and {{ days_between('part.filed_on', 'whole.filed_on') }} between case whole.vintage when 'first' then -1000 else -200 end and 200
),

of_vintages as (
    select
        quarters.company_id,
        quarters.metric,
        quarters.period_end,
        quarters.period_start,
        quarters.value_usd_m,
        quarters.filed_on,
        quarters.source_row,
        quarters.source_url,
        quarters.source_citation,
        quarters.retrieved_at,
        quarters.is_stated,
        vintages.vintage,
        quarters.vintage = vintages.vintage as is_own
    from quarters
    cross join (values ('first'), ('latest')) as vintages (vintage)
    where quarters.vintage = 'first' or vintages.vintage = 'latest'
)

-- A filing may mistake a quarter's first day: of two statements of a quarter the one filed first counts.
select
    company_id,
    metric,
    vintage,
    period_end,
    period_start,
    value_usd_m,
    filed_on,
    source_row,
    source_url,
    source_citation,
    max(retrieved_at) over (partition by company_id, metric, vintage, period_end) as retrieved_at,
    not is_stated as is_derived
from of_vintages
qualify row_number() over (
    partition by company_id, metric, vintage, period_end order by is_own desc, is_stated desc, filed_on asc, period_start asc
) = 1
