select
    publisher || ', ' || target_period || ': ' || quantity as label,
    their_value_over_our_median as theirs,
    our_low / our_median as low,
    our_high / our_median as high,
    their_value,
    unit,
    our_low,
    our_median,
    our_high,
    interval_level,
    definition_difference,
    evidence_class
from forecast.published_comparison
where our_low > 0
order by publisher, quantity, target_period, reported_on
