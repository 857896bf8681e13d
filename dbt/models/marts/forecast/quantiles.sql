-- Every forecast of every model, scenario and origin; the wide tables are cuts of it.
select * from {{ source('forecasts', 'vendor_quantiles') }}
union all
select * from {{ source('forecasts', 'compute_quantiles') }}
union all
select * from {{ source('forecasts', 'rental_quantiles') }}
union all
-- The backtest has a column per level, in thousandths. A run on a day on which somebody reported has that origin above.
select
    origin_date,
    model_id,
    scenario_id,
    target_id,
    entity_id,
    period_kind,
    target_period,
    target_end_date,
    horizon,
    'quantile' as output_type,
    substr(level_column, 2)::double / 1000 as output_type_id,
    value,
    unit,
    evidence_class,
    is_recommended,
    uses_hindsight_assumption
from {{ source('forecasts', 'backtest_forecasts') }}
unpivot (
    value for level_column in (
        q010, q025, q050, q100, q150, q200, q250, q300, q350, q400, q450, q500, q550, q600, q650, q700, q750, q800, q850,
        q900, q950, q975, q990
    )
)
where origin_date < (select as_of from {{ ref('stg_run_context') }})
