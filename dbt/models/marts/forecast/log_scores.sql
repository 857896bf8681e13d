-- What releases said of a report, held against it: every entry of the log whose quarter has been reported since.
with reported as (
    select
        vendor_id || '-' || segment_id as entity_id,
        'vendor_revenue' as target_id,
        calendar_quarter as target_period,
        value_usd_m as outcome,
        reported_on,
        vintage
    from {{ ref('vendor_quarters_vintages') }}
    where metric = 'revenue'
    union all
    select
        'capex-' || company_id,
        'capex',
        calendar_quarter,
        capex_usd_m,
        reported_on,
        vintage
    from {{ ref('capex_quarters_vintages') }}
    where basis = 'cash'
),

-- Forecasts are scored against the value first reported, as in the backtest.
outcomes as (
    select
        entity_id,
        target_id,
        target_period,
        min_by(outcome, {{ ranked_by(['reported_on', 'vintage', 'outcome']) }}) as outcome,
        min(reported_on) as outcome_reported_on
    from reported
    group by entity_id, target_id, target_period
),

scored as (
    select
        said.release_id,
        said.recorded_on,
        said.origin_date,
        said.target_id,
        said.entity_id,
        said.target_period,
        outcomes.outcome_reported_on,
        max(case when said.output_type_id = 0.1 then said.value end) as p10,
        max(case when said.output_type_id = 0.5 then said.value end) as p50,
        max(case when said.output_type_id = 0.9 then said.value end) as p90,
        outcomes.outcome,
        said.unit,
        -- Twice the mean pinball loss is the weighted interval score.
        avg(2 * greatest(
            said.output_type_id * ln(outcomes.outcome / said.value),
            (said.output_type_id - 1) * ln(outcomes.outcome / said.value)
        )) as log_wis
    from {{ ref('stg_forecast_log') }} as said
    inner join outcomes
        on
            said.target_id = outcomes.target_id and said.entity_id = outcomes.entity_id
            and said.target_period = outcomes.target_period
            -- A report that was out by the origin is no outcome.
            and said.origin_date < outcomes.outcome_reported_on
    group by all
)

select
    release_id,
    recorded_on,
    origin_date,
    target_id,
    entity_id,
    target_period,
    p10,
    p50,
    p90,
    outcome,
    outcome_reported_on,
    unit,
    ln(outcome / p50) as log_error,
    log_wis,
    outcome between p10 and p90 as is_inside_80,
    recorded_on < outcome_reported_on as is_ahead,
    recorded_on < outcome_reported_on and row_number() over (
        partition by target_id, entity_id, target_period, recorded_on < outcome_reported_on
        order by recorded_on desc, origin_date desc, release_id desc
    ) = 1 as is_last_word
from scored
