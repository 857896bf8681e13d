{{ config(tags=['forecast_stage']) }}
-- noqa: disable=LT02
-- Epoch's estimates and this project's own side by side; never added across sources.
{% set figures = [] -%}
{% for name in ['units', 'h100e_16bit', 'h100e_8bit', 'h100e_bandwidth'] -%}
    {% for level in ['p05', 'p50', 'p95'] %}{% do figures.append(name ~ '_' ~ level) %}{% endfor -%}
{% endfor -%}
select
    designer_id,
    chip_id,
    calendar_quarter,
    period_start,
    period_end,
    estimate_source,
    estimate_vintage,
    {{ is_latest_vintage() }} as is_latest_vintage,
    is_incomplete,
    {% for figure in figures %}{{ figure }},
{% endfor %}
    cost_usd_m_p50,
    power_mw_p50,
    {{ carried_provenance('epoch') }}
from {{ ref('int_chip_shipments') }} as epoch
where period_kind = 'calendar'
union all
select
    designer_id,
    chip_id,
    calendar_quarter,
    period_start,
    period_end,
    estimate_source,
    estimate_vintage,
    true as is_latest_vintage,
    is_incomplete,
    {% for figure in figures %}{{ figure }},
{% endfor %}
    cost_usd_m_p50,
    power_mw_p50,
    'chipcast_supply_model',
    null,
    null,
    'chipcast: vendor revenue x compute share x mix / price, see docs/methodology_compute_demand.md',
    'not_recorded',
    reported_on,
    'upper_bound',
    'derived',
    (select snapshot_date from {{ ref('stg_run_context') }})
from {{ source('forecasts', 'own_shipments') }}
where period_kind = 'calendar'
