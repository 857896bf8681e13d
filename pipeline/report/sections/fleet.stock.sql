with newest as (
    select
        calendar_quarter,
        evidence_class,
        columns('(sold|operational|retired).*_p(05|50|95)$')
    from market.installed_base
    where designer_id = 'all-tracked' and not is_forecast
    order by period_end desc limit 1
),

flat as (
    unpivot newest on columns('_p(05|50|95)$') into name measure value h100e
)

select
    calendar_quarter,
    regexp_extract(measure, '^[a-z]+') as state,
    regexp_extract(measure, '16bit|8bit|bandwidth') as definition,
    evidence_class,
    max(h100e) filter (measure like '%p05') / 1e6 as p05,
    max(h100e) filter (measure like '%p50') / 1e6 as p50,
    max(h100e) filter (measure like '%p95') / 1e6 as p95
from flat
group by calendar_quarter, state, definition, evidence_class
order by state <> 'sold', state, definition
