select
    coalesce(chips.chip_name, lives.chip_id) as chip,
    lives.answered_on,
    lives.p10,
    lives.p50,
    lives.p90,
    lives.actual
from forecast.rent_implied_life as lives
left join market.chips as chips on lives.chip_id = chips.chip_id
where lives.metric = 'mean_rent_since'
order by chip
