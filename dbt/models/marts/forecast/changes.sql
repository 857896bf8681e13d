-- noqa: disable=LT02
-- Vendors and capex, then supply and demand: two stages write the same columns.
{% for stage in ['changes', 'compute_changes'] -%}
select
    origin_date::date as origin_date,
    previous_origin_date::date as previous_origin_date,
    target_id,
    entity_id,
    period_kind,
    target_period,
    p50,
    previous_p50,
    change_pct,
    unit,
    attributed_to,
    new_facts,
    evidence_class
from {{ source('forecasts', stage) }}
{% if not loop.last %}union all
{% endif -%}
{% endfor %}
