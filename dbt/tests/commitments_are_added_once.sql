-- Of figures that may be added there is one for an issuer, side, kind and day, and no whole is a part of itself.
{{ config(meta={'dagster': {'ref': {'name': 'commitments'}}}) }}
select
    issuer_id,
    side,
    kind,
    as_of,
    count(*) as rows_that_overlap
from {{ ref('commitments') }}
where overlaps_with is null
group by issuer_id, side, kind, as_of
having count(*) > 1
union all
select
    issuer_id,
    side,
    kind,
    as_of,
    count(*) as rows_that_overlap
from {{ ref('commitments') }}
where part = 'whole' and overlaps_with = kind || ' of ' || scope
group by issuer_id, side, kind, as_of
