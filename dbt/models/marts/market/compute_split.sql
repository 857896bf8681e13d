-- A statement that only repeats a row of market.compute_spend has that row's day and confidence.
with statements as (
    select
        *,
        {{ slug('organisation') }} as organisation_id
    from {{ ref('stg_compute_split_statements') }}
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
),

dated as (
    select
        {{ all_but('statements', ['reported_on', 'reported_on_basis', 'confidence']) }},
        coalesce(repeated.reported_on, statements.reported_on) as reported_on,
        coalesce(repeated.reported_on_basis, statements.reported_on_basis) as reported_on_basis,
        coalesce(repeated.confidence, statements.confidence) as confidence
    from statements
    left join repeated
        on
            statements.organisation_id = repeated.organisation_id
            and statements.period = repeated.period
            and statements.unit = 'USD billion'
            and round(1000 * statements.value) = repeated.usd_m
            and statements.reported_on >= repeated.reported_on
)

select
    organisation_id,
    period,
    component,
    value,
    unit,
    status,
    read_in,
    {{ document_title('organisation', "'statement on ' || component", 'dated') }} as document_title,
    quoted_by,
    {{ carried_provenance('dated') }}
from dated
