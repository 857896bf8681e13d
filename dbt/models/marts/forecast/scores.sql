-- The replays beside the consensus of the eve, on the reports that both speak of; pooled are companies as a whole.
with pairs as (
    select
        replays.*,
        abs(eve.log_error) as abs_error_of_consensus
    from {{ ref('replays') }} as replays
    inner join {{ ref('replays') }} as eve
        on
            replays.entity_id = eve.entity_id
            and replays.fiscal_period = eve.fiscal_period
            and eve.model_id = 'consensus'
),

means as (
    {% for entity, of in [('entity_id', ''), ("'pooled'", "where entity_id like '%-total'")] -%}
        select
            model_id,
            {{ entity }} as entity_id,
            {{ in_order('avg', 'abs(log_error)') }} as mean_abs_log_error,
            {{ in_order('avg', 'log_error') }} as mean_log_error,
            {{ in_order('avg', 'abs_error_of_consensus') }} as of_consensus,
            count(*) as n,
            avg(is_recalled::int) as recalled_share
        from pairs
        {{ of }}
        group by all
        {{ 'union all' if not loop.last }}
    {% endfor -%}
)

select * from {{ source('forecasts', 'scores') }}
union all
select * from {{ source('forecasts', 'rental_scores') }}
union all
select
    model_id,
    entity_id,
    1 as horizon,
    metric,
    'all' as target_window,
    'consensus' as panel,
    value,
    n,
    n::double as n_eff,
    null as ci05,
    null as ci95,
    case when model_id <> 'consensus' and metric = 'mean_abs_log_error' then 'consensus' end as baseline_id,
    case when model_id <> 'consensus' and metric = 'mean_abs_log_error' then 1 - value / of_consensus end as skill,
    recalled_share
from means
unpivot (value for metric in (mean_abs_log_error, mean_log_error))
