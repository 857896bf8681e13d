-- What models would have said of reports for which the consensus of the eve could be read: replays, made after the fact
-- from what was known at the origin. What releases really said stands in the log alone.
{% set last_beats = "(select p50::int from " ~ ref('assumptions') ~ " where parameter_id = 'guidance_trailing_beats')" -%}
with outcomes as (
    select
        vendor_id,
        segment_id,
        fiscal_period,
        min(calendar_quarter) as target_period,
        min_by(value_usd_m, {{ ranked_by(['reported_on', 'value_usd_m']) }}) as outcome,
        min(reported_on) as outcome_reported_on,
        min_by(confidence, {{ ranked_by(['reported_on', 'value_usd_m']) }}) = 'recalled' as is_recalled
    from {{ ref('vendor_quarters_vintages') }}
    where metric = 'revenue' and vintage = 'first'
    group by vendor_id, segment_id, fiscal_period
),

-- Where there were two eves, of TSMC's months and of its report, the first counts: later the quarter's sum was out.
eves as (
    select
        company_id as vendor_id,
        segment_id,
        fiscal_period,
        min(reported_on) - 1 as origin_date,
        min_by(consensus, reported_on) as stated
    from {{ ref('consensus') }}
    where metric = 'revenue' and quarters_ahead = 1 and unit = 'USD million'
    group by company_id, segment_id, fiscal_period
),

guides as (
    select
        issuer_id as vendor_id,
        segment_id,
        target_period as fiscal_period,
        max(issued_on) as origin_date,
        max_by(mid_usd_m, issued_on) as stated
    from {{ ref('guidance') }}
    where metric = 'revenue' and basis = 'reported' and given_as = 'outlook' and target_period like 'FY____Q_'
    group by issuer_id, segment_id, target_period
),

statements as (
    {% for model in ['consensus', 'consensus_corrected'] -%}
        select
            *,
            '{{ model }}' as model_id
        from eves
        union all
    {% endfor -%}
    select
        *,
        'median_beat' as model_id
    from guides
),

-- Surprises that were out by the day of a statement.
surprises as (
    select
        now.*,
        ln(outcomes.outcome / past.stated) as surprise,
        row_number() over (
            partition by now.model_id, now.vendor_id, now.segment_id, now.fiscal_period
            order by outcomes.outcome_reported_on desc, past.fiscal_period desc
        ) as place
    from statements as now
    inner join statements as past using (model_id, vendor_id, segment_id)
    inner join outcomes
        on
            past.vendor_id = outcomes.vendor_id
            and past.segment_id = outcomes.segment_id
            and past.fiscal_period = outcomes.fiscal_period
            and now.origin_date >= outcomes.outcome_reported_on
    where now.model_id <> 'consensus'
),

said as (
    select
        model_id,
        vendor_id,
        segment_id,
        fiscal_period,
        origin_date,
        null::double as p10,
        stated * exp(median(surprise)) as p50,
        null::double as p90,
        count(*) as learned_from
    from surprises
    where place <= {{ last_beats }}
    group by model_id, vendor_id, segment_id, fiscal_period, origin_date, stated
    union all
    select
        model_id,
        vendor_id,
        segment_id,
        fiscal_period,
        origin_date,
        null,
        stated,
        null,
        0
    from statements
    where model_id = 'consensus'
    union all
    select
        past.model_id,
        outcomes.vendor_id,
        outcomes.segment_id,
        outcomes.fiscal_period,
        past.origin_date,
        past.q100 as p10,
        past.q500 as p50,
        past.q900 as p90,
        null
    from {{ source('forecasts', 'backtest_forecasts') }} as past
    inner join outcomes
        on
            outcomes.vendor_id || '-' || outcomes.segment_id = past.entity_id
            and past.target_period = outcomes.target_period
    where past.model_id = 'recommended' and past.horizon = 1
)

select
    model_id,
    vendor_id || '-' || segment_id as entity_id,
    fiscal_period,
    outcomes.target_period,
    said.origin_date,
    {{ days_between('said.origin_date', 'outcomes.outcome_reported_on') }} as days_ahead,
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
inner join outcomes using (vendor_id, segment_id, fiscal_period)
semi join eves using (vendor_id, segment_id, fiscal_period)
where said.origin_date < outcomes.outcome_reported_on
