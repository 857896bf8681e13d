-- Cost of a million output tokens at one speed for the user, from today's cheapest chip on: software and chips go on
-- bringing what they brought in the benchmarks, as independent lognormal factors, drawn anew for each year. Each
-- benchmark counts alike, however many comparisons it has: they share a few chips and models. The spread is that between
-- comparisons and that between the benchmarks. No backtest can vouch for it: the series is eight months long.
with rates as (
    select
        benchmark,
        case when progress_kind = 'software' then 'software' else 'chip' end as part,
        ln(yearly_factor_p50) as log_rate
    from {{ ref('benchmark_progress') }}
    where
        factor_basis = 'measured' and yearly_factor_p50 is not null
        and (progress_kind = 'software' and benchmark <> 'mlperf_training' or progress_kind = 'chip_cost')
),

by_benchmark as (
    select
        benchmark,
        part,
        median(log_rate) as log_rate,
        (
            percentile_cont(0.9) within group (order by log_rate) - percentile_cont(0.1) within group (order by log_rate)
        ) / 2.563 as log_sd
    from rates
    group by benchmark, part
),

pooled as (
    select
        {{ in_order('avg', "case when part = 'software' then log_rate end") }} as software_rate,
        {{ in_order('avg', "case when part = 'chip' then log_rate end") }} as chip_rate,
        sqrt(
            {{ in_order('avg', "case when part = 'software' then power(log_sd, 2) end") }}
            + {{ in_order('var_pop', "case when part = 'software' then log_rate end") }}
        ) as software_sd,
        sqrt(
            {{ in_order('avg', "case when part = 'chip' then power(log_sd, 2) end") }}
            + {{ in_order('var_pop', "case when part = 'chip' then log_rate end") }}
        ) as chip_sd
    from by_benchmark
),

bases as (
    select
        costs.benchmark_model,
        costs.input_tokens,
        costs.output_tokens,
        costs.min_interactivity_tokens_per_second_per_user,
        costs.price_basis,
        costs.price_variant,
        costs.chip_id as base_chip_id,
        costs.output_cost_usd_per_mtok_p50 as base_usd,
        ln(costs.output_cost_usd_per_mtok_p90 / costs.output_cost_usd_per_mtok_p50) / 1.2816 as base_sd,
        costs.reported_on as base_on
    from {{ ref('inference_costs') }} as costs
    where
        costs.cost_rank = 1 and costs.price_choice = 'newest' and costs.allocation = 'all_to_output'
        and costs.configuration = 'any' and costs.min_interactivity_tokens_per_second_per_user is not null
        and costs.price_basis in ('quoted_tco', 'contract', 'rental_index', 'depreciation_and_electricity')
),

ahead as (
    select
        bases.*,
        pooled.*,
        years.target_year,
        {{ days_between('bases.base_on', "make_date(years.target_year, 12, 31)") }} / 365.25e0 as years_ahead
    from bases
    cross join pooled
    cross join (values (2026), (2027), (2028), (2029), (2030)) as years (target_year)
    where pooled.software_rate is not null and pooled.chip_rate is not null
)

select
    context.as_of as origin_date,
    ahead.benchmark_model,
    ahead.input_tokens,
    ahead.output_tokens,
    ahead.min_interactivity_tokens_per_second_per_user,
    ahead.price_basis,
    ahead.price_variant,
    ahead.target_year::string as target_period,
    ahead.base_chip_id,
    ahead.base_on,
    ahead.base_usd as base_usd_per_mtok,
    exp(ahead.software_rate) as software_yearly_factor_p50,
    exp(ahead.chip_rate) as chip_yearly_factor_p50,
    {% for level, z in [('p05', -1.6449), ('p10', -1.2816), ('p50', 0), ('p90', 1.2816), ('p95', 1.6449)] -%}
        ahead.base_usd * exp(
            -(ahead.software_rate + ahead.chip_rate) * ahead.years_ahead
            + {{ z }} * sqrt(
                power(ahead.base_sd, 2)
                + (power(ahead.software_sd, 2) + power(ahead.chip_sd, 2)) * ahead.years_ahead
            )
        ) as {{ level }},
    {% endfor -%}
    'USD per million output tokens' as unit,
    'anchored_prior' as evidence_class
from ahead
cross join {{ ref('stg_run_context') }} as context
where ahead.years_ahead > 0
