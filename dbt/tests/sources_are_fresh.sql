-- A source that brought nothing new for twice its period: a warning, never a reason to withhold a release.
{{ config(severity='warn', tags=['forecast_stage'], meta={'dagster': {'ref': {'name': 'freshness'}}}) }}
select
    source_id,
    newest_fact,
    age_days,
    max_age_days
from {{ ref('freshness') }}
where kind = 'source' and status = 'stale'
