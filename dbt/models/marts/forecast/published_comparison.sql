-- Figures that others published, each beside ours where one of our series is about the same thing; the rest stay NULL.
-- Every one says what it is used for and why, or why not.
with theirs as (
    select
        publisher,
        quantity,
        definition,
        target_period,
        value_low,
        value,
        value_high,
        unit,
        qualifier,
        reported_on,
        source_id,
        source_row,
        source_url,
        source_citation
    from {{ ref('published_forecasts') }}
    union all
    select
        organisation,
        component,
        component,
        period,
        null,
        value,
        null,
        unit,
        null,
        reported_on,
        source_id,
        source_row,
        source_url,
        source_citation
    from {{ ref('stg_compute_split_statements') }}
),

-- The figures' periods are written by their publishers: CY2026, FY2028, 2027-12.
asked as (
    select
        theirs.*,
        pairs.our_target_id,
        pairs.our_entity_id,
        pairs.our_units_per_theirs,
        pairs.definition_difference,
        coalesce(pairs.used_as, 'listed') as used_as,
        coalesce(pairs.reason, 'not judged yet') as reason,
        case
            when theirs.target_period like '____-__'
                then left(theirs.target_period, 4) || 'Q' || ceil(right(theirs.target_period, 2)::int / 3)::int::string
            else replace(theirs.target_period, 'CY', '')
        end as period
    from theirs
    left join {{ ref('comparable_forecasts') }} as pairs
        on
            theirs.publisher = pairs.publisher and theirs.quantity = pairs.quantity
            and (pairs.definition is null or theirs.definition = pairs.definition)
            and (pairs.target_period is null or theirs.target_period = pairs.target_period::string)
),

ahead as (
    select
        target_id,
        entity_id,
        target_period,
        evidence_class,
        0.8 as interval_level,
        max(value) filter (where output_type_id = 0.1) as low,
        max(value) filter (where output_type_id = 0.5) as median,
        max(value) filter (where output_type_id = 0.9) as high
    from {{ ref('quantiles') }}
    where
        scenario_id = 'base' and is_recommended and output_type_id in (0.1, 0.5, 0.9)
        and period_kind in ('quarter', 'calendar_year', 'fiscal_year')
        and origin_date = (select max(origin_date) from {{ ref('quantiles') }})
    group by all
),

decline_periods as (
    select distinct target_period
    from theirs
    where quantity like 'LLM price decline%'
),

past as (
    {% for target_id, column, per_unit in [
        ('operational_h100e_16bit', 'operational_h100e_16bit', '1'),
        ('sold_h100e_8bit', 'sold_h100e_8bit', '1'),
        ('facility_power', 'power_mw', '1e3'),
    ] %}
        select
            '{{ target_id }}' as target_id,
            designer_id as entity_id,
            calendar_quarter as target_period,
            evidence_class,
            0.9 as interval_level,
            {{ column }}_p05 / {{ per_unit }} as low,
            {{ column }}_p50 / {{ per_unit }} as median,
            {{ column }}_p95 / {{ per_unit }} as high
        from {{ ref('installed_base') }}
        where designer_id = 'all-tracked' and not is_forecast
        union all
    {% endfor %}
    select
        'inference_share_' || accounting,
        'tracked-fleet',
        target_period,
        evidence_class,
        0.8,
        p10,
        p50,
        p90
    from {{ ref('inference_share') }}
    where
        scenario_id = 'base' and flow_or_stock = 'stock' and period_kind = 'calendar_year'
    union all
    -- Observed, not forecast: GPT-4's level, between the slowest and the fastest fall of the levels in the same years.
    select
        'token_price_decline',
        'gpt-4-level',
        theirs.target_period,
        null,
        null,
        min(falls.fall_factor_per_year),
        max(case when falls.ability_level like 'GPT-4%' then falls.fall_factor_per_year end),
        max(falls.fall_factor_per_year)
    from {{ ref('token_price_declines') }} as falls
    cross join decline_periods as theirs
    where falls.to_month = date '2025-12-01'
    group by theirs.target_period
),

ours as (
    select * from ahead
    union all
    select past.* from past
    left join ahead
        on
            past.target_id = ahead.target_id and past.entity_id = ahead.entity_id
            and past.target_period = ahead.target_period
    where ahead.target_id is null
)

select
    asked.publisher,
    asked.quantity,
    asked.definition,
    asked.target_period,
    asked.value_low as their_low,
    asked.value as their_value,
    asked.value_high as their_high,
    asked.unit,
    asked.qualifier,
    asked.our_target_id,
    asked.our_entity_id,
    ours.low / asked.our_units_per_theirs as our_low,
    ours.median / asked.our_units_per_theirs as our_median,
    ours.high / asked.our_units_per_theirs as our_high,
    ours.interval_level::double as interval_level,
    asked.value / nullif(ours.median / asked.our_units_per_theirs, 0) as their_value_over_our_median,
    asked.definition_difference,
    asked.used_as,
    asked.reason,
    ours.evidence_class,
    asked.reported_on,
    asked.source_id,
    asked.source_row,
    asked.source_url,
    asked.source_citation
from asked
left join ours
    on
        asked.our_target_id = ours.target_id and asked.our_entity_id = ours.entity_id
        and asked.period = ours.target_period
