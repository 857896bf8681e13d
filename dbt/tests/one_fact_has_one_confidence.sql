-- A lab's yearly spending on compute, or a company's revenue of a quarter, that stands in two tables has one confidence and one
-- day in both.
{{ config(meta={'dagster': {'ref': {'name': 'compute_split'}}}) }}
select
    split.organisation_id,
    split.period,
    split.value,
    split.confidence,
    spend.confidence as confidence_of_spend,
    split.reported_on,
    spend.reported_on as reported_on_of_spend
from {{ ref('compute_split') }} as split
inner join {{ ref('compute_spend') }} as spend
    on
        split.organisation_id = spend.organisation_id
        and split.period = year(spend.period_end)::string
        and spend.period_kind = 'year'
        and split.unit = 'USD billion'
        and abs(1000 * split.value - spend.spend_usd_m) < 1
where split.confidence <> spend.confidence or split.reported_on <> spend.reported_on
union all
select
    quarters.vendor_id,
    quarters.fiscal_period,
    quarters.value_usd_m,
    quarters.confidence,
    whole.confidence,
    quarters.reported_on,
    whole.reported_on
from {{ ref('vendor_quarters_vintages') }} as quarters
inner join {{ ref('company_financials_vintages') }} as whole
    on
        quarters.vendor_id = whole.company_id
        and quarters.metric = whole.metric
        and quarters.period_end = whole.period_end
        and quarters.vintage = whole.vintage
        and quarters.reported_unit = whole.unit
where
    quarters.segment_id = 'total'
    and (quarters.confidence <> whole.confidence or quarters.reported_on <> whole.reported_on)
