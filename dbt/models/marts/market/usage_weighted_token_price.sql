-- What a million tokens cost on one router, weighed by what was used, by day and by week (Monday to Sunday, whole ones alone).
-- The rankings do not tell input from output, so both prices stand apart and their blend is at a stated mix; a reader who
-- knows another mix weighs them anew. A price moves with what is used as well as with what is charged.
with periods as (
    select
        'day' as period_kind,
        usage_date as period_start,
        usage.*
    from {{ ref('token_usage_by_model') }} as usage
    union all
    select
        'week',
        date_trunc('week', usage_date)::date,
        usage.*
    from {{ ref('token_usage_by_model') }} as usage
)

select
    period_kind,
    period_start,
    count(distinct usage_date)::int as days,
    count(distinct model_id)::int as models,
    sum(tokens) as tokens,
    coalesce(sum(case when is_free then tokens end), 0) / sum(tokens) as free_share,
    sum(case when has_open_weights then tokens end) / sum(tokens) as open_weights_share,
    sum(case when has_open_weights is null then tokens end) / sum(tokens) as unknown_weights_share,
    sum(case when not is_free and output_usd_per_mtok is not null then tokens end) / sum(tokens) as priced_share,
    {{ in_order('sum', 'case when not is_free and output_usd_per_mtok is not null then tokens * input_usd_per_mtok end') }}
    / sum(case when not is_free and output_usd_per_mtok is not null then tokens end) as paid_input_usd_per_mtok,
    {{ in_order('sum', 'case when not is_free and output_usd_per_mtok is not null then tokens * output_usd_per_mtok end') }}
    / sum(case when not is_free and output_usd_per_mtok is not null then tokens end) as paid_output_usd_per_mtok,
    {{ in_order('sum', 'case when not is_free then tokens * (3 * input_usd_per_mtok + output_usd_per_mtok) / 4 end') }}
    / sum(case when not is_free and output_usd_per_mtok is not null then tokens end) as paid_usd_per_mtok,
    {{ in_order('sum', 'tokens * (3 * input_usd_per_mtok + output_usd_per_mtok) / 4') }}
    / sum(case when output_usd_per_mtok is not null then tokens end) as usd_per_mtok_with_free,
    'openrouter_model_days' as source_id,
    max(reported_on) as reported_on,
    'release' as reported_on_basis,
    'derived' as confidence
from periods
group by period_kind, period_start
having period_kind = 'day' or count(distinct usage_date) = 7
