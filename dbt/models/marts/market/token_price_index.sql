-- Two answers to what a token costs, from OpenRouter's dated lists (the last list of each month):
-- matched_models: chained geometric mean of the price changes of the models on both lists, so the basket is constant
-- within each link; median_of_list: the middle of all models on the list, whose mix changes.
with monthly as (
    select
        date_trunc('month', observed_on)::date as month,
        max(observed_on) as observed_on
    from {{ ref('stg_openrouter_prices') }}
    group by 1
),

blended as (
    select
        monthly.month,
        prices.observed_on,
        prices.model_id,
        (3 * prices.input_usd_per_mtok + prices.output_usd_per_mtok) / 4 as usd_per_mtok,
        prices.retrieved_at
    from {{ ref('stg_openrouter_prices') }} as prices
    inner join monthly on prices.observed_on = monthly.observed_on
    where prices.input_usd_per_mtok > 0 and prices.output_usd_per_mtok > 0
),

linked as (
    select
        month,
        lag(month) over (order by month) as month_before
    from monthly
),

changes as (
    select
        linked.month,
        avg(ln(now.usd_per_mtok / before.usd_per_mtok)) as log_change,
        count(now.model_id) as models
    from linked
    left join blended as now on linked.month = now.month
    left join blended as before on linked.month_before = before.month and now.model_id = before.model_id
    -- The first month, which has none before it, rests on every model of its list.
    where before.model_id is not null or linked.month_before is null
    group by linked.month
),

answers as (
    select
        month,
        'matched_models' as method,
        100 * exp(sum(coalesce(log_change, 0)) over (order by month)) as index_first_month_100,
        null::double as usd_per_mtok,
        models::int as models
    from changes
    union all
    select
        month,
        'median_of_list',
        100 * median(usd_per_mtok) / first(median(usd_per_mtok)) over (order by month),
        median(usd_per_mtok),
        count(*)::int
    from blended
    group by month
)

select
    answers.month as period_start,
    answers.method,
    -- The last digits of a sum of logarithms depend on the order of its rows.
    round(answers.index_first_month_100, 9) as index_first_month_100,
    answers.usd_per_mtok,
    answers.models,
    'openrouter_prices' as source_id,
    monthly.observed_on as reported_on,
    'price_date' as reported_on_basis,
    'derived' as confidence
from answers
inner join monthly using (month)
