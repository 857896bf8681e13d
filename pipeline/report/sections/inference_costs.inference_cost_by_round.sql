select
    chips.chip_name as chip,
    costs.valid_from as month,
    costs.output_cost_usd_per_mtok_p50 as index,
    costs.usd_per_chip_hour,
    costs.tokens_per_second_per_chip,
    costs.results,
    costs.price_timing
from market.inference_costs as costs inner join market.chips using (chip_id)
where
    costs.benchmark_model = 'llama2-70b-99' and costs.scenario = 'Offline' and costs.price_basis = 'rental_index'
    and costs.price_choice = 'nearest_to_result' and costs.allocation = 'all_to_output'
order by chip, month
