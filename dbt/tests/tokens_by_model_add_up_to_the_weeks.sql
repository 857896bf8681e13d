-- Days of the fifty most used models and the rest add up to the weekly total that the router's chart shows.
{{ config(meta={'dagster': {'ref': {'name': 'usage_weighted_token_price'}}}) }}
select
    weeks.period_start,
    weeks.tokens as tokens_by_model,
    7 * chart.tokens_per_day as tokens_of_the_chart
from {{ ref('usage_weighted_token_price') }} as weeks
inner join {{ ref('stg_openrouter_weekly_tokens') }} as chart on weeks.period_start = chart.week_start
where weeks.period_kind = 'week' and not chart.is_partial and abs(weeks.tokens / (7 * chart.tokens_per_day) - 1) > 0.01
