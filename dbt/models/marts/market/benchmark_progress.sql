{{ config(tags=['forecast_stage']) }}
-- What a year brought: software on the same chip, and a new chip in the same round. One row per comparison; the rows
-- without a chip pool those of a kind (median, 10th and 90th percentile over comparisons).
{% set z = '1.2816' -%}
with offline as (
    select
        chip_id,
        benchmark_model,
        round,
        min(published_on) as published_on,
        median(tokens_per_second_per_chip) as tokens_per_second_per_chip,
        count(*) as results,
        {{ in_order('stddev', 'ln(tokens_per_second_per_chip)') }} as log_sd
    from {{ ref('inference_benchmarks') }}
    where
        benchmark = 'mlperf_inference' and scenario = 'Offline' and tokens_per_second_per_chip > 0 and chip_id is not null
        -- The two accuracy targets are mostly one run.
        and benchmark_model not like '%99.9'
    group by chip_id, benchmark_model, round
),

-- Between submitters of one round, the sd of the log where a round has no spread of its own.
between_submitters as (
    select median(log_sd) as log_sd
    from offline
    where results >= 3
),

offline_with_error as (
    select
        offline.*,
        coalesce(offline.log_sd, between_submitters.log_sd) / sqrt(offline.results) as log_error
    from offline
    cross join between_submitters
),

mlperf_software as (
    select
        'software' as kind,
        'mlperf_inference' as benchmark,
        benchmark_model,
        'Offline' as scenario,
        chip_id,
        chip_id as base_chip_id,
        lag(round) over of_chip as from_round,
        round as to_round,
        lag(published_on) over of_chip as from_on,
        published_on as to_on,
        lag(tokens_per_second_per_chip) over of_chip as base_value,
        tokens_per_second_per_chip as value,
        'output tokens per second per chip' as value_unit,
        sqrt(power(log_error, 2) + power(lag(log_error) over of_chip, 2)) as log_error,
        1 as comparisons
    from offline_with_error
    window of_chip as (partition by chip_id, benchmark_model order by published_on)
),

trained as (
    select
        chip_id,
        benchmark_family,
        submitter,
        accelerators,
        round,
        published_on,
        case when achieved_flops_per_s_per_chip is not null then 'FLOP/s per chip' else 'runs per hour' end as value_unit,
        max(coalesce(achieved_flops_per_s_per_chip, 60 / minutes_to_train)) as value,
        -- The spread of a result's own runs: from the fastest to the slowest of about ten lie three standard deviations.
        max(ln(minutes_max / minutes_min) / 3.08 / sqrt(greatest(successful_runs - 2, 1))) as log_error
    from {{ ref('training_benchmarks') }}
    where repeats_result_id is null and minutes_to_train > 0 and chip_id is not null and division = 'closed'
    group by
        chip_id, benchmark_family, submitter, accelerators, round, published_on,
        case when achieved_flops_per_s_per_chip is not null then 'FLOP/s per chip' else 'runs per hour' end
),

training_software as (
    select
        'software' as kind,
        'mlperf_training' as benchmark,
        benchmark_family || ', ' || accelerators || ' chips, ' || submitter as benchmark_model,
        'Time to train' as scenario,
        chip_id,
        chip_id as base_chip_id,
        lag(round) over of_chip as from_round,
        round as to_round,
        lag(published_on) over of_chip as from_on,
        published_on as to_on,
        lag(value) over of_chip as base_value,
        value,
        value_unit,
        sqrt(power(log_error, 2) + power(lag(log_error) over of_chip, 2)) as log_error,
        1 as comparisons
    from trained
    window of_chip as (partition by chip_id, benchmark_family, submitter, accelerators, value_unit order by published_on)
),

-- The same configuration in two runs at least sixty days apart; the median over a chip's configurations.
same_configuration as (
    select
        chip_id,
        benchmark_model,
        min_by(round, published_on) as from_round,
        max_by(round, published_on) as to_round,
        min(published_on) as from_on,
        max(published_on) as to_on,
        min_by(tokens_per_second_per_chip, published_on) as base_value,
        max_by(tokens_per_second_per_chip, published_on) as value
    from {{ ref('inference_benchmarks') }}
    where benchmark = 'inferencex' and tokens_per_second_per_chip > 0
    group by
        chip_id, system, benchmark_model, framework, weight_precision, speculative_decoding, accelerators,
        prefill_accelerators, decode_accelerators, tensor_parallel, expert_parallel, input_tokens, output_tokens, concurrency
    having {{ days_between('min(published_on)', 'max(published_on)') }} >= 60
),

inferencex_software as (
    select
        'software' as kind,
        'inferencex' as benchmark,
        benchmark_model,
        'Same configuration' as scenario,
        chip_id,
        chip_id as base_chip_id,
        min(from_round) as from_round,
        max(to_round) as to_round,
        min(from_on) as from_on,
        -- Configurations were run over different spans: each counts by its own.
        min(from_on) + (median({{ days_between('from_on', 'to_on') }}))::int as to_on,
        1.0 as base_value,
        exp(median(ln(value / base_value))) as value,
        'ratio' as value_unit,
        coalesce({{ in_order('stddev', 'ln(value / base_value)') }} / sqrt(count(*)), 0.05) as log_error,
        count(*) as comparisons
    from same_configuration
    group by chip_id, benchmark_model
),

frontier as (
    select
        *,
        min(valid_from) over of_question as first_on,
        min_by(tokens_per_second_per_chip, valid_from) over of_question as first_value,
        min_by(result_id, valid_from) over of_question as first_result_id,
        min_by(interactivity_tokens_per_second_per_user, valid_from) over of_question as first_speed
    from {{ ref('int_inference_frontier') }}
    where scenario <> 'Offline'
    window of_question as (
        partition by
            chip_id, benchmark_model, input_tokens, output_tokens, min_interactivity_tokens_per_second_per_user, configuration
    )
),

settings as (
    select
        'software_and_settings' as kind,
        benchmark,
        benchmark_model,
        input_tokens || '/' || output_tokens || ' tokens, ' || configuration || ', from '
        || min_interactivity_tokens_per_second_per_user || ' tokens/s/user' as scenario,
        chip_id,
        chip_id as base_chip_id,
        first_result_id as from_round,
        result_id as to_round,
        first_on as from_on,
        valid_from as to_on,
        first_value as base_value,
        tokens_per_second_per_chip as value,
        'output tokens per second per chip' as value_unit,
        throughput_log_sd * sqrt(2) as log_error,
        1 as comparisons
    from frontier
    where
        valid_to is null and configuration <> 'any' and {{ days_between('first_on', 'valid_from') }} >= 60
        and {{ at_one_speed('interactivity_tokens_per_second_per_user', 'first_speed') }}
),

chip_in_round as (
    select
        'chip' as kind,
        'mlperf_inference' as benchmark,
        newer.benchmark_model,
        'Offline' as scenario,
        newer.chip_id,
        older.chip_id as base_chip_id,
        older.round as from_round,
        newer.round as to_round,
        base_chips.release_date as from_on,
        new_chips.release_date as to_on,
        older.tokens_per_second_per_chip as base_value,
        newer.tokens_per_second_per_chip as value,
        'output tokens per second per chip' as value_unit,
        sqrt(power(newer.log_error, 2) + power(older.log_error, 2)) as log_error,
        1 as comparisons
    from {{ ref('chip_successors') }} as successors
    inner join offline_with_error as older on successors.base_chip_id = older.chip_id
    inner join offline_with_error as newer
        on successors.chip_id = newer.chip_id and older.benchmark_model = newer.benchmark_model and older.round = newer.round
    inner join {{ ref('chips') }} as base_chips on older.chip_id = base_chips.chip_id
    inner join {{ ref('chips') }} as new_chips on newer.chip_id = new_chips.chip_id
),

chip_at_speed as (
    select
        'chip' as kind,
        newer.benchmark,
        newer.benchmark_model,
        newer.input_tokens || '/' || newer.output_tokens || ' tokens, ' || newer.configuration || ', from '
        || newer.min_interactivity_tokens_per_second_per_user || ' tokens/s/user' as scenario,
        newer.chip_id,
        older.chip_id as base_chip_id,
        older.result_id as from_round,
        newer.result_id as to_round,
        base_chips.release_date as from_on,
        new_chips.release_date as to_on,
        older.tokens_per_second_per_chip as base_value,
        newer.tokens_per_second_per_chip as value,
        'output tokens per second per chip' as value_unit,
        sqrt(power(newer.throughput_log_sd, 2) + power(older.throughput_log_sd, 2)) as log_error,
        1 as comparisons
    from {{ ref('chip_successors') }} as successors
    inner join frontier as older on successors.base_chip_id = older.chip_id
    inner join frontier as newer
        on
            successors.chip_id = newer.chip_id
            and older.benchmark_model = newer.benchmark_model
            and older.input_tokens = newer.input_tokens
            and older.output_tokens = newer.output_tokens
            and older.configuration = newer.configuration
            and older.min_interactivity_tokens_per_second_per_user = newer.min_interactivity_tokens_per_second_per_user
    inner join {{ ref('chips') }} as base_chips on older.chip_id = base_chips.chip_id
    inner join {{ ref('chips') }} as new_chips on newer.chip_id = new_chips.chip_id
    where
        older.valid_to is null and newer.valid_to is null
        and {{ at_one_speed(
            'newer.interactivity_tokens_per_second_per_user', 'older.interactivity_tokens_per_second_per_user'
        ) }}
),

-- What the new chip did to the cost: throughput and price together, on one day's quoted costs.
chip_cost as (
    select
        'chip_cost' as kind,
        newer.benchmark,
        newer.benchmark_model,
        coalesce(
            newer.input_tokens || '/' || newer.output_tokens || ' tokens, ' || newer.configuration || ', from '
            || newer.min_interactivity_tokens_per_second_per_user || ' tokens/s/user', newer.scenario
        ) as scenario,
        newer.chip_id,
        older.chip_id as base_chip_id,
        older.result_id as from_round,
        newer.result_id as to_round,
        base_chips.release_date as from_on,
        new_chips.release_date as to_on,
        1 / older.output_cost_usd_per_mtok_p50 as base_value,
        1 / newer.output_cost_usd_per_mtok_p50 as value,
        'million output tokens per USD' as value_unit,
        sqrt(
            power(ln(newer.output_cost_usd_per_mtok_p90 / newer.output_cost_usd_per_mtok_p50) / {{ z }}, 2)
            + power(ln(older.output_cost_usd_per_mtok_p90 / older.output_cost_usd_per_mtok_p50) / {{ z }}, 2)
        ) as log_error,
        1 as comparisons
    from {{ ref('chip_successors') }} as successors
    inner join {{ ref('inference_costs') }} as older on successors.base_chip_id = older.chip_id
    inner join {{ ref('inference_costs') }} as newer
        on
            successors.chip_id = newer.chip_id
            and older.benchmark_model = newer.benchmark_model
            and coalesce(older.input_tokens, 0) = coalesce(newer.input_tokens, 0)
            and coalesce(older.output_tokens, 0) = coalesce(newer.output_tokens, 0)
            and older.configuration = newer.configuration
            and coalesce(older.min_interactivity_tokens_per_second_per_user, 0)
            = coalesce(newer.min_interactivity_tokens_per_second_per_user, 0)
            and older.price_basis = newer.price_basis and older.price_variant = newer.price_variant
            and older.price_choice = newer.price_choice and older.allocation = newer.allocation
            and older.priced_on = newer.priced_on
            and older.scenario = newer.scenario
    inner join {{ ref('chips') }} as base_chips on older.chip_id = base_chips.chip_id
    inner join {{ ref('chips') }} as new_chips on newer.chip_id = new_chips.chip_id
    where
        older.is_current and newer.is_current and newer.price_basis = 'quoted_tco' and newer.price_variant = 'neocloud'
        and newer.price_choice = 'newest' and newer.allocation = 'all_to_output' and newer.benchmark_model not like '%99.9'
        -- MLPerf's Offline has no speed.
        and (
            newer.scenario = 'Offline'
            or {{ at_one_speed(
                'newer.interactivity_tokens_per_second_per_user', 'older.interactivity_tokens_per_second_per_user'
            ) }}
        )
),

every_comparison as (
    select * from mlperf_software
    union all
    select * from training_software
    union all
    select * from inferencex_software
    union all
    select * from settings
    union all
    select * from chip_in_round
    union all
    select * from chip_at_speed
    union all
    select * from chip_cost
),

measured as (
    select
        *,
        {{ days_between('from_on', 'to_on') }} / 365.25::double as years,
        ln(value / base_value) as log_factor,
        -- No yearly rate from less than 60 days of software or a year between releases, which would blow up every error,
        -- nor from a search for better settings, which does not go on at its first pace.
        case
            when kind = 'software' and {{ days_between('from_on', 'to_on') }} >= 60
                then {{ days_between('from_on', 'to_on') }} / 365.25::double
            when kind like 'chip%' and {{ days_between('from_on', 'to_on') }} >= 365
                then {{ days_between('from_on', 'to_on') }} / 365.25::double
        end as years_of_rate
    from every_comparison
    -- A chip that was measured before its release has no day yet.
    where base_value > 0 and from_on is not null and to_on is not null
),

newest as (
    select max(published_on) as published_on
    from {{ ref('inference_benchmarks') }}
    where benchmark = 'inferencex'
),

noise as (
    select
        'noise' as kind,
        'inferencex' as benchmark,
        'any' as benchmark_model,
        'Same software, runs within a fortnight' as scenario,
        case chip_id when 'any' then null else chip_id end as chip_id,
        case chip_id when 'any' then null else chip_id end as base_chip_id,
        log_sd * sqrt(2) as log_error,
        pairs as comparisons
    from {{ ref('int_benchmark_noise') }}
)

select
    kind || '/' || benchmark || '/' || benchmark_model || '/' || scenario || '/' || base_chip_id || '/' || chip_id || '/'
    || from_round || '/' || to_round as progress_id,
    kind as progress_kind,
    benchmark,
    benchmark_model,
    scenario,
    chip_id,
    base_chip_id,
    from_round,
    to_round,
    from_on,
    to_on,
    years,
    base_value,
    value as end_value,
    value_unit,
    exp(log_factor) as factor_p50,
    exp(log_factor - {{ z }} * log_error) as factor_p10,
    exp(log_factor + {{ z }} * log_error) as factor_p90,
    exp(log_factor / years_of_rate) as yearly_factor_p50,
    exp((log_factor - {{ z }} * log_error) / years_of_rate) as yearly_factor_p10,
    exp((log_factor + {{ z }} * log_error) / years_of_rate) as yearly_factor_p90,
    comparisons::int as comparisons,
    'measured' as factor_basis,
    greatest(to_on, from_on) as reported_on
from measured
union all
select
    kind || '/' || benchmark || '/all',
    kind,
    benchmark,
    'all',
    'all',
    null,
    null,
    null,
    null,
    min(from_on),
    max(to_on),
    null,
    null,
    null,
    'ratio',
    null,
    null,
    null,
    exp(median(log_factor / years_of_rate)),
    exp(percentile_cont(0.1) within group (order by log_factor / years_of_rate)),
    exp(percentile_cont(0.9) within group (order by log_factor / years_of_rate)),
    count(*)::int,
    'median of comparisons',
    max(greatest(to_on, from_on))
from measured
where years_of_rate is not null
group by kind, benchmark
union all
select
    'noise/' || coalesce(chip_id, 'all'),
    kind,
    benchmark,
    benchmark_model,
    scenario,
    chip_id,
    base_chip_id,
    null,
    null,
    null,
    null,
    null,
    1,
    1,
    'ratio',
    1,
    exp(-{{ z }} * log_error),
    exp({{ z }} * log_error),
    null,
    null,
    null,
    comparisons::int,
    'repeated runs',
    newest.published_on
from noise
cross join newest
