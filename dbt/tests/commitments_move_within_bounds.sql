-- What is owed under contracts falls by a tenth at most in a quarter, and rises to 3.5 times at most: the largest true
-- jump is Oracle's of summer 2025, from 138 to 455 billion USD. A unit mistaken by ten breaks this at once.
{{ config(meta={'dagster': {'ref': {'name': 'commitments'}}}) }}
with steps as (
    select
        *,
        lag(value_usd_m) over of_series as before_usd_m,
        lag(as_of) over of_series as before_as_of
    from {{ ref('commitments') }}
    where kind in ('remaining_performance_obligations', 'backlog') and part = 'whole'
    window of_series as (partition by issuer_id, kind, scope, definition order by as_of)
)

select *
from steps
where
    {{ days_between('before_as_of', 'as_of') }} < 100
    and value_usd_m not between 0.9 * before_usd_m and 3.5 * before_usd_m
