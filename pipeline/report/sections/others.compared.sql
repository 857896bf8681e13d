select
    publisher,
    quantity,
    target_period,
    their_value as theirs,
    qualifier,
    unit,
    reported_on,
    our_low as low,
    our_median as p50,
    our_high as high,
    format('{:.0f}%', 100 * interval_level) as level,
    evidence_class,
    definition_difference as differs
from forecast.published_comparison
where our_median is not null
order by publisher, quantity, target_period, reported_on
