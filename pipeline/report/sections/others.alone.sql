select
    publisher,
    quantity,
    target_period,
    their_value as theirs,
    qualifier,
    unit,
    reported_on
from forecast.published_comparison
where our_median is null
order by publisher, quantity, target_period, reported_on
