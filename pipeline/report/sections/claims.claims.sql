select
    *,
    lag(verdict) over claim as earlier_verdict,
    lag(judged_as_of) over claim as earlier_as_of
from forecast.claims
window claim as (partition by claim_id order by judged_as_of)
qualify row_number() over (partition by claim_id order by judged_as_of desc) = 1
order by claim_id
