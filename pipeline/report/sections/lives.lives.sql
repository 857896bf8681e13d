select
    coalesce(chips.chip_name, lives.chip_id) as chip,
    lives.answered_on,
    lives.purchased_on,
    lives.evidence_class,
    lives.chip_usd,
    max(lives.p10) filter (lives.metric = 'pay_back') as pay_back_p10,
    max(lives.p50) filter (lives.metric = 'pay_back') as pay_back_p50,
    max(lives.p90) filter (lives.metric = 'pay_back') as pay_back_p90,
    max(lives.p10) filter (lives.metric = 'life') as life_p10,
    max(lives.p50) filter (lives.metric = 'life') as life_p50,
    max(lives.p90) filter (lives.metric = 'life') as life_p90,
    exp(max(lives.p10) filter (lives.metric = 'internal_rate_of_return')) - 1 as return_p10,
    exp(max(lives.p50) filter (lives.metric = 'internal_rate_of_return')) - 1 as return_p50,
    exp(max(lives.p90) filter (lives.metric = 'internal_rate_of_return')) - 1 as return_p90,
    1 - exp(-max(lives.p50) filter (lives.metric = 'rent_fall_for_six_years')) as fall_p50
from forecast.rent_implied_life as lives
left join market.chips as chips on lives.chip_id = chips.chip_id
where lives.metric <> 'mean_rent_since'
group by chip, lives.answered_on, lives.purchased_on, lives.evidence_class, lives.chip_usd
qualify
    row_number() over (partition by chip, lives.answered_on order by lives.purchased_on desc) = 1
    or lives.purchased_on = date '2024-12-31'
order by lives.answered_on desc, chip asc, lives.purchased_on asc
