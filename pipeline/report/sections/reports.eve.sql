with pairs as (
    select
        replays.model_id,
        unnest([replays.entity_id, 'all companies']) as entity_id,
        abs(replays.log_error) as error,
        abs(eve.log_error) as error_of_eve,
        replays.days_ahead
    from forecast.replays as replays
    inner join forecast.replays as eve
        on
            replays.entity_id = eve.entity_id
            and replays.fiscal_period = eve.fiscal_period
            and eve.model_id = 'consensus'
    where replays.entity_id like '%-total' and replays.model_id <> 'consensus'
),

counted as (
    select
        model_id,
        entity_id,
        count(*) as n,
        count(*) filter (where error < error_of_eve) as closer,
        avg(error) as error,
        avg(error_of_eve) as error_of_eve,
        median(days_ahead) as days_ahead
    from pairs
    group by model_id, entity_id
)

select
    counted.*,
    coalesce(vendors.vendor_name, counted.entity_id) as companies,
    -- The chance of being closer so often by tossing a coin.
    list_sum([
        exp(lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1) - n * ln(2)) for k in range(closer, n + 1)
    ]) as chance,
    error < error_of_eve and chance < 0.05 as is_closer
from counted
left join market.vendors as vendors on counted.entity_id = vendors.vendor_id || '-total'
order by entity_id <> 'all companies', entity_id, model_id
