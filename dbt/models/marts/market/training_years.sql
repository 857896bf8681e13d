-- How much of a year's training is disclosed: closed models of late publish no compute, so that sums by year are of what is
-- known, not of what was trained.
select
    year(released_on)::bigint as year,
    count(*)::int as models,
    count(training_flop)::int as models_with_flop,
    count(training_flop) / count(*)::double as disclosed_share,
    -- The last digits of a sum of doubles depend on the order of its rows.
    round(sum(training_flop / 1e18)) * 1e18 as training_flop,
    max(training_flop) as largest_training_flop,
    max(reported_on) as reported_on,
    'release' as reported_on_basis,
    'derived' as confidence
from {{ ref('training_runs') }}
where released_on >= date '2015-01-01'
group by year(released_on)
