-- The replays beside the consensus of the eve, on the reports that both speak of; pooled are companies as a whole.
with pairs as (
    select
        replays.*,
        abs(eve.log_error) as abs_error_of_consensus,
        unnest(
            case when replays.entity_id like '%-total' then [replays.entity_id, 'pooled'] else [replays.entity_id] end
        ) as scored_as
    from {{ ref('replays') }} as replays
    inner join {{ ref('replays') }} as eve
        on
            replays.entity_id = eve.entity_id
            and replays.fiscal_period = eve.fiscal_period
            and eve.model_id = 'consensus'
),

means as (
    select
        model_id,
        scored_as as entity_id,
        avg(abs(log_error)) as mean_abs_log_error,
        avg(log_error) as mean_log_error,
        avg(abs_error_of_consensus) as of_consensus,
        count(*) as n,
        avg(is_recalled::int) as recalled_share
    from pairs
    group by model_id, scored_as
)

select * from {{ source('forecasts', 'scores') }}
union all
select * from {{ source('forecasts', 'rental_scores') }}
union all by name
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
    case when model_id <> 'consensus' and metric = 'mean_abs_log_error' then 'consensus' end as baseline_id,
    case when model_id <> 'consensus' and metric = 'mean_abs_log_error' then 1 - value / of_consensus end as skill,
    recalled_share
from means
unpivot (value for metric in (mean_abs_log_error, mean_log_error))
