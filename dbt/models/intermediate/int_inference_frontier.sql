-- What a chip gave at most, by the speed that the user sees, and when: a row for each result that beat every earlier
-- one. A step of the envelope is a result that was measured at that speed or faster, with the median first token
-- within five seconds; nothing is interpolated. MLPerf's Offline results, without a bound on latency, stand beside it as
-- the median of each round. `any` is the best over all number formats and with or without speculative decoding.
with speeds (min_interactivity_tokens_per_second_per_user) as (values (20), (50), (100)),

measured as (
    select
        results.*,
        speeds.min_interactivity_tokens_per_second_per_user
    from {{ ref('inference_benchmarks') }} as results
    inner join speeds
        on results.interactivity_tokens_per_second_per_user >= speeds.min_interactivity_tokens_per_second_per_user
    where
        results.benchmark = 'inferencex' and results.chip_id is not null
        and results.tokens_per_second_per_chip > 0 and results.time_to_first_token_s_p50 <= 5
),

by_configuration as (
    select
        *,
        'any' as configuration
    from measured
    union all
    select
        *,
        weight_precision || ' ' || speculative_decoding
    from measured
),

best_of_day as (
    select *
    from by_configuration
    qualify row_number() over (
        partition by
            chip_id, benchmark_model, input_tokens, output_tokens, min_interactivity_tokens_per_second_per_user, configuration,
            published_on
        order by tokens_per_second_per_chip desc, result_id asc
    ) = 1
),

steps as (
    select *
    from best_of_day
    qualify tokens_per_second_per_chip > coalesce(max(tokens_per_second_per_chip) over (
        partition by
            chip_id, benchmark_model, input_tokens, output_tokens, min_interactivity_tokens_per_second_per_user, configuration
        order by published_on
        rows between unbounded preceding and 1 preceding
    ), 0)
),

middle_of_round as (
    select
        results.*,
        median(tokens_per_second_per_chip) over of_round as middle,
        count(*) over of_round as results_of_round,
        {{ in_order('stddev', 'ln(tokens_per_second_per_chip)') }} over of_round as log_sd_of_round
    from {{ ref('inference_benchmarks') }} as results
    where
        benchmark = 'mlperf_inference' and scenario = 'Offline' and status = 'available'
        and chip_id is not null
        and benchmark_model in (
            select benchmark_model from {{ ref('benchmark_models') }}
            where active_parameters_bn is not null
        )
        and tokens_per_second_per_chip > 0
    window of_round as (partition by chip_id, benchmark_model, round)
),

frontier as (
    select
        chip_id,
        benchmark,
        benchmark_model,
        model_id,
        model_version,
        scenario,
        min_interactivity_tokens_per_second_per_user,
        input_tokens,
        output_tokens,
        configuration,
        published_on as valid_from,
        result_id,
        1 as results,
        tokens_per_second_per_chip,
        input_tokens_per_second_per_chip,
        interactivity_tokens_per_second_per_user,
        time_to_first_token_s_p50,
        weight_precision,
        speculative_decoding,
        prefill_accelerators,
        decode_accelerators,
        power_w_per_chip,
        null::double as log_sd_of_round,
        {{ carried_provenance('steps') }}
    from steps
    union all
    select
        chip_id,
        benchmark,
        benchmark_model,
        model_id,
        model_version,
        scenario,
        null,
        null,
        null,
        'any',
        published_on,
        result_id,
        results_of_round,
        middle,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        log_sd_of_round,
        {{ carried_provenance('middle_of_round') }}
    from middle_of_round
    qualify row_number() over (
        partition by chip_id, benchmark_model, round order by abs(tokens_per_second_per_chip - middle), result_id
    ) = 1
)

select
    {{ all_but('frontier', ['log_sd_of_round']) }},
    concat_ws('/', result_id, configuration, coalesce(min_interactivity_tokens_per_second_per_user::string, 'offline'))
        as step_id,
    lead(frontier.valid_from) over (
        partition by
            frontier.chip_id, frontier.benchmark_model, frontier.scenario, frontier.input_tokens, frontier.output_tokens,
            frontier.min_interactivity_tokens_per_second_per_user, frontier.configuration
        order by frontier.valid_from
    ) as valid_to,
    coalesce(frontier.log_sd_of_round, chip_noise.log_sd, any_noise.log_sd) as throughput_log_sd
from frontier
left join {{ ref('int_benchmark_noise') }} as chip_noise on frontier.chip_id = chip_noise.chip_id
left join {{ ref('int_benchmark_noise') }} as any_noise on any_noise.chip_id = 'any'
