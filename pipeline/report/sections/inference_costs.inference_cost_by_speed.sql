with hour as (
    select
        chip_id,
        any_value(usd_per_chip_hour) as usd,
        any_value(priced_on) as priced_on
    from market.inference_costs
    where price_basis = 'quoted_tco' and price_variant = 'neocloud' and price_choice = 'newest'
    group by chip_id
),

best as (
    select
        *,
        max(tokens_per_second_per_chip) over (
            partition by chip_id order by interactivity_tokens_per_second_per_user desc, tokens_per_second_per_chip desc
        ) as best_at_this_speed
    from market.inference_benchmarks
    where
        benchmark_model = 'deepseek-r1-0528' and input_tokens = 8192 and output_tokens = 1024
        and time_to_first_token_s_p50 <= 5 and tokens_per_second_per_chip > 0
)

select
    chips.chip_name as chip,
    best.interactivity_tokens_per_second_per_user as speed,
    hour.usd * 1e6 / 3600 / best.tokens_per_second_per_chip as usd_per_mtok,
    best.tokens_per_second_per_chip as tokens_per_s,
    best.weight_precision,
    best.speculative_decoding,
    best.published_on,
    hour.priced_on
from best inner join hour using (chip_id) inner join market.chips using (chip_id)
where
    best.tokens_per_second_per_chip = best.best_at_this_speed
    and best.interactivity_tokens_per_second_per_user between 5 and 250
order by chip, speed
