with steps as (
    select
        valid_from as period_end,
        chip_id as chip,
        min(output_cost_usd_per_mtok_p50) over (order by valid_from rows unbounded preceding) as p50,
        output_cost_usd_per_mtok_p50
    from market.inference_costs
    where
        benchmark_model = 'deepseek-r1-0528' and input_tokens = 8192 and output_tokens = 1024 and configuration = 'any'
        and min_interactivity_tokens_per_second_per_user = 50 and allocation = 'all_to_output'
        and price_basis = 'quoted_tco' and price_variant = 'neocloud' and price_choice = 'nearest_to_result'
)

select
    'measured' as kind,
    period_end,
    chip,
    p50
from steps
where p50 = output_cost_usd_per_mtok_p50
union all by name
select
    'forecast' as kind,
    reported_on as period_end,
    chip_id as chip,
    output_cost_usd_per_mtok_p10 as p10,
    output_cost_usd_per_mtok_p50 as p50,
    output_cost_usd_per_mtok_p90 as p90
from market.inference_costs
where
    benchmark_model = 'deepseek-r1-0528' and input_tokens = 8192 and output_tokens = 1024 and configuration = 'any'
    and min_interactivity_tokens_per_second_per_user = 50 and allocation = 'all_to_output' and cost_rank = 1
    and price_basis = 'quoted_tco' and price_variant = 'neocloud' and price_choice = 'newest'
union all by name
select
    'forecast' as kind,
    make_date(target_period::int, 12, 31) as period_end,
    p10,
    p50,
    p90
from forecast.token_costs
where
    benchmark_model = 'deepseek-r1-0528' and input_tokens = 8192 and output_tokens = 1024
    and min_interactivity_tokens_per_second_per_user = 50 and price_basis = 'quoted_tco' and price_variant = 'neocloud'
order by kind, period_end
