-- What is owed under contracts falls by a fifth at most in a quarter (Dell's AI servers of summer 2025, from 14.4 to 11.7
-- billion USD, is the deepest true fall), and rises to 3.7 times at most (Broadcom's of spring 2026, from 45 to 165 billion).
-- A unit mistaken by ten breaks this at once.
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
    and value_usd_m not between 0.8 * before_usd_m and 3.7 * before_usd_m
