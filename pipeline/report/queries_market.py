"""The SQL of the page's second half: prices, tests of the forecasts, reconciliation, claims, sources."""

RENTAL = """
select coalesce(chip_name, chip_id) as chip, period_start as month, index_first_month_100 as index,
    usd_per_chip_hour_median, providers, matched_providers
from market.rental_price_index left join market.chips using (chip_id)
where is_published
order by chip, month"""

TOKENS = """
select replace(method, '_', ' ') as method, period_start as month, index_first_month_100 as index, usd_per_mtok, models
from market.token_price_index
order by method, month"""

PRICE_PERFORMANCE = """
with priced as (
    select case when price_basis like 'purchase%' then 'bought, over four years'
            when price_basis = 'rental on_demand' then 'rented on demand' else 'rented, other terms' end as kind,
        chip_id, date_trunc('month', priced_on)::date as month, price_basis, usd_per_h100e_16bit_hour as usd
    from market.price_performance
    where priced_on >= '2020-01-01' and usd_per_h100e_16bit_hour is not null
        and not regexp_matches(chip_id, 'geforce|radeon|titan') and not price_basis like '%cost_estimate'
        and usd_per_chip_hour / usd_per_h100e_16bit_hour >= 0.01
)
select kind, month, chip_id, arg_min(price_basis, usd) as basis, min(usd) as usd_per_h100e_hour,
    min(min(usd)) over (partition by kind order by month) as frontier
from priced
group by kind, month, chip_id
order by kind, month, usd_per_h100e_hour"""

# The upper envelope of throughput over speed: a point that no other beats at its speed or a faster one.
COST_BY_SPEED = """
with hour as (
    select chip_id, any_value(usd_per_chip_hour) as usd, any_value(priced_on) as priced_on
    from market.inference_costs
    where price_basis = 'quoted_tco' and price_variant = 'neocloud' and price_choice = 'newest'
    group by chip_id
),
best as (
    select *, max(tokens_per_second_per_chip) over (
        partition by chip_id order by interactivity_tokens_per_second_per_user desc, tokens_per_second_per_chip desc
    ) as best_at_this_speed
    from market.inference_benchmarks
    where benchmark_model = 'deepseek-r1-0528' and input_tokens = 8192 and output_tokens = 1024
        and time_to_first_token_s_p50 <= 5 and tokens_per_second_per_chip > 0
)
select chips.chip_name as chip, best.interactivity_tokens_per_second_per_user as speed,
    hour.usd * 1e6 / 3600 / best.tokens_per_second_per_chip as usd_per_mtok, best.tokens_per_second_per_chip as tokens_per_s,
    best.weight_precision, best.speculative_decoding, best.published_on, hour.priced_on
from best inner join hour using (chip_id) inner join market.chips using (chip_id)
where best.tokens_per_second_per_chip = best.best_at_this_speed
    and best.interactivity_tokens_per_second_per_user between 5 and 250
order by chip, speed"""

COST_BY_ROUND = """
select chips.chip_name as chip, costs.valid_from as month, costs.output_cost_usd_per_mtok_p50 as index,
    costs.usd_per_chip_hour, costs.tokens_per_second_per_chip, costs.price_timing
from market.inference_costs as costs inner join market.chips using (chip_id)
where costs.benchmark_model = 'llama2-70b-99' and costs.scenario = 'Offline' and costs.price_basis = 'rental_index'
    and costs.price_choice = 'nearest_to_result' and costs.allocation = 'all_to_output'
order by chip, month"""

CHEAPEST = """
with asked as (
    select *, min_interactivity_tokens_per_second_per_user as speed,
        max(output_cost_usd_per_mtok_p50) filter (where chip_id = 'nvidia-h100-sxm') over question as h100
    from market.inference_costs
    where benchmark_model = 'deepseek-r1-0528' and input_tokens = 8192 and output_tokens = 1024 and configuration = 'any'
        and is_current and price_choice = 'newest' and allocation = 'all_to_output' and price_basis <> 'none'
    window question as (partition by min_interactivity_tokens_per_second_per_user, price_basis, price_variant)
)
select speed, replace(price_basis, '_', ' ') || ', ' || price_variant as price, chip_name as chip,
    output_cost_usd_per_mtok_p10 as p10, output_cost_usd_per_mtok_p50 as p50, output_cost_usd_per_mtok_p90 as p90,
    chance_cheaper_than_next as chance, h100, h100 / output_cost_usd_per_mtok_p50 as h100_times, priced_on, price_timing
from asked inner join market.chips using (chip_id)
where cost_rank = 1
order by speed, price"""

CALIBRATION = """
select horizon, nominal, empirical, band_low, band_high, n, n_eff
from forecast.calibration
where model_id = 'recommended' and entity_id = 'pooled'
order by horizon, nominal"""

SKILL = """
select horizon, case baseline_id when 'naive' then 'last value' else 'log-drift' end as baseline, skill, ci05, ci95,
    n, n_eff, recalled_share
from forecast.scores
where model_id = 'recommended' and entity_id = 'pooled' and metric = 'log_wis' and target_window = 'all'
    and panel = 'spliced' and baseline_id in ('naive', 'log_drift')
order by horizon, baseline"""

LEADERBOARD = """
pivot (
    select model_id, case baseline_id when 'naive' then 'naive_' else 'drift_' end || horizon as versus, skill
    from forecast.scores
    where entity_id = 'pooled' and metric = 'log_wis' and target_window = 'all' and panel = 'spliced'
        and baseline_id in ('naive', 'log_drift') and horizon in (1, 2, 4, 8)
) on versus in ('naive_1', 'naive_2', 'naive_4', 'naive_8', 'drift_1', 'drift_2', 'drift_4', 'drift_8')
using first(skill)
order by model_id <> 'recommended', naive_4 desc nulls last, model_id"""

PANELS = """
select panel, horizon, skill as skill_vs_naive, ci05, ci95, n, n_eff, recalled_share
from forecast.scores
where model_id = 'recommended' and entity_id = 'pooled' and metric = 'log_wis' and target_window = 'all'
    and baseline_id = 'naive' and horizon in (1, 4)
order by horizon, panel <> 'spliced', panel"""

RECONCILIATION = """
select target_period as year, bucket, p10, p50, p90, is_extrapolated, evidence_class
from forecast.reconciliation
where scenario_id = 'base' and period_kind = 'calendar_year' and unit = 'share_of_capacity'
    and target_period in ('{last_year}', '{year}') and bucket in ('llm_inference', 'final_training_runs', 'other_rnd',
        'unexplained_inference', 'unexplained_training_and_rnd', 'unexplained')
order by year, bucket"""

CLAIMS_EXIST = "select 1 from duckdb_tables() where schema_name = 'forecast' and table_name = 'claims'"

CLAIMS = """
select *, lag(verdict) over claim as earlier_verdict, lag(judged_as_of) over claim as earlier_as_of
from forecast.claims
window claim as (partition by claim_id order by judged_as_of)
qualify row_number() over (partition by claim_id order by judged_as_of desc) = 1
order by claim_id"""

OTHERS = """
select publisher, quantity, target_period, their_value as theirs, qualifier, unit, reported_on, our_low as low,
    our_median as p50, our_high as high, format('{:.0f}%', 100 * interval_level) as level, evidence_class,
    definition_difference as differs
from forecast.published_comparison
where our_median {which}
order by publisher, quantity, target_period, reported_on"""

BESIDE = """
select publisher || ', ' || target_period || ': ' || quantity as label, their_value_over_our_median as theirs,
    our_low / our_median as low, our_high / our_median as high, their_value, unit, our_low, our_median, our_high,
    interval_level, definition_difference, evidence_class
from forecast.published_comparison
where our_low > 0
order by publisher, quantity, target_period, reported_on"""

SOURCES = """
select title, url, licence, credit, mode, rows_known, newest_fact, age_days, status
from market.sources
order by rows_known = 0, domain, title"""

CHECKS = """
select count(*) filter (status = 'pass') as passed, count(*) filter (status = 'warn') as warned,
    count(*) filter (status not in ('pass', 'warn')) as failed, (select count(*) from quality.rejected_rows) as rejected
from quality.checks"""
