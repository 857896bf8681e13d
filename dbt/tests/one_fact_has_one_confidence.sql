-- A lab's yearly spending on compute that stands in both tables has one confidence and one day in both.
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
where
    split.confidence <> spend.confidence and (split.status = 'gathered' or split.reported_on = spend.reported_on)
    or split.reported_on <> spend.reported_on and split.status = 'gathered'
