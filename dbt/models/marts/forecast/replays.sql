-- What models would have said of reports for which the consensus of the eve could be read: replays, made after the fact
-- from what was known at the origin. What releases really said stands in the log alone.
{% set last_beats = "(select p50::int from " ~ ref('assumptions') ~ " where parameter_id = 'guidance_trailing_beats')" -%}
with outcomes as (
    select
        vendor_id,
        segment_id,
        fiscal_period,
        min(calendar_quarter) as target_period,
        min_by(value_usd_m, row(reported_on, value_usd_m)) as outcome,
        min(reported_on) as outcome_reported_on,
        min_by(confidence, row(reported_on, value_usd_m)) = 'recalled' as is_recalled
    from {{ ref('vendor_quarters_vintages') }}
    where metric = 'revenue' and vintage = 'first'
    group by vendor_id, segment_id, fiscal_period
),

-- Where there were two eves, of TSMC's months and of its report, the first counts: later the quarter's sum was out.
expected as (
    select
        consensus.company_id,
        consensus.segment_id,
        consensus.fiscal_period,
        consensus.consensus,
        consensus.reported_on as expected_until
    from {{ ref('consensus') }} as consensus
    where consensus.metric = 'revenue' and consensus.quarters_ahead = 1 and consensus.unit = 'USD million'
    qualify row_number() over (
        partition by consensus.company_id, consensus.segment_id, consensus.fiscal_period order by consensus.reported_on
    ) = 1
),

guided as (
    select
        issuer_id,
        segment_id,
        target_period as fiscal_period,
        issued_on,
        mid_usd_m
    from {{ ref('guidance') }}
    where metric = 'revenue' and basis = 'reported' and given_as = 'outlook' and target_period like 'FY____Q_'
    qualify row_number() over (partition by issuer_id, segment_id, target_period order by issued_on desc) = 1
),

-- Every statement with its day and what came of it.
statements as (
    select
        'consensus_corrected' as model_id,
        company_id as vendor_id,
        segment_id,
        fiscal_period,
        expected_until - 1 as origin_date,
        consensus as stated
    from expected
    union all
    select
        'median_beat',
        issuer_id,
        segment_id,
        fiscal_period,
        issued_on,
        mid_usd_m
    from guided
),

surprises as (
    select
        statements.*,
        outcomes.outcome_reported_on,
        ln(outcomes.outcome / statements.stated) as surprise
    from statements
    inner join outcomes
        on
            statements.vendor_id = outcomes.vendor_id
            and statements.segment_id = outcomes.segment_id
            and statements.fiscal_period = outcomes.fiscal_period
),

-- Each statement times the median of the last surprises that were out by its day.
learned as (
    select
        now.model_id,
        now.vendor_id,
        now.segment_id,
        now.fiscal_period,
        now.origin_date,
        now.stated,
        past.surprise
    from statements as now
    inner join surprises as past
        on
            now.model_id = past.model_id
            and now.vendor_id = past.vendor_id
            and now.segment_id = past.segment_id
            and now.origin_date >= past.outcome_reported_on
    qualify row_number() over (
        partition by now.model_id, now.vendor_id, now.segment_id, now.fiscal_period
        order by past.outcome_reported_on desc
    ) <= {{ last_beats }}
),

said as (
    select
        model_id,
        vendor_id,
        segment_id,
        fiscal_period,
        origin_date,
        null::double as p10,
        any_value(stated) * exp(median(surprise)) as p50,
        null::double as p90,
        count(*) as learned_from
    from learned
    group by model_id, vendor_id, segment_id, fiscal_period, origin_date
    union all
    select
        'consensus',
        company_id,
        segment_id,
        fiscal_period,
        expected_until - 1,
        null,
        consensus,
        null,
        0
    from expected
    union all
    select
        'recommended',
        outcomes.vendor_id,
        outcomes.segment_id,
        outcomes.fiscal_period,
        past.origin_date,
        past.q100,
        past.q500,
        past.q900,
        null
    from {{ source('forecasts', 'backtest_forecasts') }} as past
    inner join outcomes
        on
            outcomes.vendor_id || '-' || outcomes.segment_id = past.entity_id
            and past.target_period = outcomes.target_period
            and past.origin_date < outcomes.outcome_reported_on
    where past.model_id = 'recommended' and past.horizon = 1
)

select
    said.model_id,
    said.vendor_id || '-' || said.segment_id as entity_id,
    said.fiscal_period,
    outcomes.target_period,
    said.origin_date,
    outcomes.outcome_reported_on - said.origin_date as days_ahead,
    said.p10,
    said.p50,
    said.p90,
    outcomes.outcome,
    outcomes.outcome_reported_on,
    'usd_m' as unit,
    ln(outcomes.outcome / said.p50) as log_error,
    said.learned_from,
    outcomes.is_recalled,
    true as is_replay
from said
inner join expected
    on
        said.vendor_id = expected.company_id
        and said.segment_id = expected.segment_id
        and said.fiscal_period = expected.fiscal_period
inner join outcomes
    on
        said.vendor_id = outcomes.vendor_id
        and said.segment_id = outcomes.segment_id
        and said.fiscal_period = outcomes.fiscal_period
where said.origin_date < outcomes.outcome_reported_on
