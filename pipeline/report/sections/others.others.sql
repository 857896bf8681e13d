with told as (
    select
        *,
        case
            when our_target_id like 'inference_share%' then 'inference''s share'
            when our_target_id like 'facility%' then 'power and electricity'
            when our_target_id like '%h100e%' then 'installed compute'
            when our_target_id = 'capex' then 'capital expenditure of the clouds'
            when our_target_id like 'token%' then 'token prices' else 'revenue from chips'
        end as topic
    from forecast.published_comparison
    where our_low > 0
)

select
    topic,
    row_number() over (order by publisher, quantity, target_period, reported_on, their_value, source_row) as place,
    publisher || ', ' || strftime(reported_on, '%-d %B %Y') as who,
    target_period || ': ' || quantity as what,
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
from told
order by topic <> 'inference''s share', topic, place
