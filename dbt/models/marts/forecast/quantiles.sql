-- Every forecast of every model, scenario and origin; the wide tables are cuts of it.
select
    origin_date::date as origin_date,
    model_id,
    scenario_id,
    target_id,
    entity_id,
    period_kind,
    target_period,
    target_end_date::date as target_end_date,
    horizon::int as horizon,
    output_type,
    output_type_id,
    value,
    unit,
    evidence_class,
    is_recommended,
    uses_hindsight_assumption
from {{ source('forecasts', 'vendor_quantiles') }}
union all
select
    origin_date::date as origin_date,
    model_id,
    scenario_id,
    target_id,
    entity_id,
    period_kind,
    target_period,
    target_end_date::date as target_end_date,
    horizon::int as horizon,
    output_type,
    output_type_id,
    value,
    unit,
    evidence_class,
    is_recommended,
    uses_hindsight_assumption
from {{ source('forecasts', 'compute_quantiles') }}
union all
select
    origin_date::date as origin_date,
    model_id,
    scenario_id,
    target_id,
    entity_id,
    period_kind,
    target_period,
    target_end_date::date as target_end_date,
    horizon::int as horizon,
    output_type,
    output_type_id,
    value,
    unit,
    evidence_class,
    is_recommended,
    uses_hindsight_assumption
from {{ source('forecasts', 'backtest_forecasts') }}
