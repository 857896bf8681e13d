with asked as (
    select
        *,
        min_interactivity_tokens_per_second_per_user as speed,
        max(output_cost_usd_per_mtok_p50) filter (where chip_id = 'nvidia-h100-sxm') over question as h100
    from market.inference_costs
    where
        benchmark_model = 'deepseek-r1-0528' and input_tokens = 8192 and output_tokens = 1024 and configuration = 'any'
        and is_current and price_choice = 'newest' and allocation = 'all_to_output' and price_basis <> 'none'
    window question as (partition by min_interactivity_tokens_per_second_per_user, price_basis, price_variant)
)

select
    speed,
    replace(price_basis, '_', ' ') || ', ' || price_variant as price,
    chip_name as chip,
    output_cost_usd_per_mtok_p10 as p10,
    output_cost_usd_per_mtok_p50 as p50,
    output_cost_usd_per_mtok_p90 as p90,
    chance_cheaper_than_next as chance,
    h100,
    h100 / output_cost_usd_per_mtok_p50 as h100_times,
    priced_on,
    price_timing
from asked inner join market.chips using (chip_id)
where cost_rank = 1
order by speed, price
