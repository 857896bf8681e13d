-- A gathered statement gives way to the dated one that says the same; one that only repeats a row of market.compute_spend
-- has that row's day and confidence.
with statements as (
    select
        {{ slug('stated.organisation') }} as organisation_id,
        stated.period,
        stated.component,
        stated.value,
        stated.unit,
        stated.status,
        stated.read_in,
        {{ carried_provenance('stated') }}
    from {{ ref('stg_compute_split_statements') }} as stated
),

gathered as (
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
    {{ all_but('statements', ['reported_on', 'reported_on_basis', 'confidence', 'retrieved_at']) }},
    coalesce(repeated.reported_on, statements.reported_on) as reported_on,
    coalesce(repeated.reported_on_basis, statements.reported_on_basis) as reported_on_basis,
    coalesce(repeated.confidence, statements.confidence) as confidence,
    statements.retrieved_at
from statements
left join repeated
    on
        statements.organisation_id = repeated.organisation_id
        and statements.period = repeated.period
        and statements.unit = 'USD billion'
        and round(1000 * statements.value) = repeated.usd_m
        and statements.reported_on >= repeated.reported_on
union all
select
    gathered.organisation_id,
    gathered.period,
    gathered.component,
    gathered.value,
    gathered.unit,
    'gathered' as status,
    'note' as read_in,
    gathered.source_id,
    gathered.source_row,
    gathered.source_url,
    gathered.source_citation,
    gathered.url_status,
    coalesce(repeated.reported_on, gathered.reported_on) as reported_on,
    coalesce(repeated.reported_on_basis, gathered.reported_on_basis) as reported_on_basis,
    coalesce(repeated.confidence, gathered.confidence) as confidence,
    gathered.retrieved_at
from gathered
left join repeated
    on
        gathered.organisation_id = repeated.organisation_id
        and gathered.period = repeated.period
        and gathered.usd_m = repeated.usd_m
left join statements
    on
        gathered.organisation_id = statements.organisation_id and gathered.period = statements.period
        and gathered.value = statements.value and gathered.unit = statements.unit
where statements.organisation_id is null
