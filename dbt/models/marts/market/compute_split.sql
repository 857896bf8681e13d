-- A statement that only repeats a row of market.compute_spend has that row's dates and confidence.
with stated as (
    select
        *,
        {{ slug('organisation') }} as organisation_id,
        case when unit = 'USD billion' then round(1000 * value) end as usd_m
    from {{ ref('stg_curated_compute_split') }}
),

repeated as (
    select
        organisation_id,
        year(period_end)::string as period,
        round(spend_usd_m) as usd_m,
        min(reported_on) as reported_on,
        min(reported_on_basis) as reported_on_basis,
        min(confidence) as confidence
    from {{ ref('stg_epoch_compute_spend') }}
    where period_kind = 'year'
    group by organisation_id, year(period_end), round(spend_usd_m)
)

select
    stated.organisation_id,
    stated.period,
    stated.component,
    stated.value,
    stated.unit,
    stated.source_id,
    stated.source_row,
    stated.source_url,
    stated.source_citation,
    stated.url_status,
    coalesce(repeated.reported_on, stated.reported_on) as reported_on,
    coalesce(repeated.reported_on_basis, stated.reported_on_basis) as reported_on_basis,
    coalesce(repeated.confidence, stated.confidence) as confidence,
    stated.retrieved_at
from stated
left join repeated
    on
        stated.organisation_id = repeated.organisation_id
        and stated.period = repeated.period
        and stated.usd_m = repeated.usd_m
