-- Model FLOP per second over the peak: 2 x active parameters x tokens in inference (accepted tokens; attention left
-- out), 6 (adapters 4) x parameters x tokens in training. Prefill and decode apart where they had chips of their own.
-- A chip without the weights' own format computes in the next wider one.
with inference as (
    select
        results.*,
        models.active_parameters_bn,
        case
            when results.interactivity_tokens_per_second_per_user < 20 then 'below 20 tokens/s/user'
            when results.interactivity_tokens_per_second_per_user < 50 then '20 to 50 tokens/s/user'
            when results.interactivity_tokens_per_second_per_user < 100 then '50 to 100 tokens/s/user'
            else '100 tokens/s/user and more'
        end as speed_band
    from {{ ref('inference_benchmarks') }} as results
    inner join {{ ref('benchmark_models') }} as models on results.benchmark_model = models.model_as_written
    where results.benchmark = 'inferencex' and results.chip_id is not null and results.total_tokens_per_second_per_chip > 0
),

phases as (
    select
        'prefill' as phase,
        'inferencex' as benchmark,
        chip_id,
        benchmark_model,
        input_tokens,
        output_tokens,
        speed_band,
        weight_precision as precision,
        published_on,
        reported_on,
        2e9 * active_parameters_bn * input_tokens_per_second_per_chip * accelerators / prefill_accelerators as flops_per_s
    from inference
    where is_disaggregated
    union all
    select
        'decode',
        'inferencex',
        chip_id,
        benchmark_model,
        input_tokens,
        output_tokens,
        speed_band,
        weight_precision,
        published_on,
        reported_on,
        2e9 * active_parameters_bn * tokens_per_second_per_chip * accelerators / decode_accelerators
    from inference
    where is_disaggregated
    union all
    select
        'prefill and decode',
        'inferencex',
        chip_id,
        benchmark_model,
        input_tokens,
        output_tokens,
        speed_band,
        weight_precision,
        published_on,
        reported_on,
        2e9 * active_parameters_bn * total_tokens_per_second_per_chip
    from inference
    union all
    select
        'training',
        'mlperf_training',
        chip_id,
        benchmark_family,
        null,
        null,
        case
            when accelerators <= 72 then 'up to 72 chips' when accelerators <= 1024 then '73 to 1,024 chips'
            else 'over 1,024 chips'
        end,
        'not stated',
        published_on,
        reported_on,
        achieved_flops_per_s_per_chip
    from {{ ref('training_benchmarks') }}
    where achieved_flops_per_s_per_chip > 0 and chip_id is not null and repeats_result_id is null
),

over_peak as (
    select
        phases.*,
        phases.flops_per_s / chips.flops_16bit_per_s as share_of_16bit_peak,
        phases.flops_per_s / case phases.precision
            when 'fp4' then coalesce(chips.flops_fp4_per_s, chips.flops_fp8_per_s, chips.flops_16bit_per_s)
            when 'fp8' then coalesce(chips.flops_fp8_per_s, chips.flops_16bit_per_s)
        end as share_of_peak_used
    from phases
    inner join {{ ref('chips') }} as chips on phases.chip_id = chips.chip_id
    where chips.flops_16bit_per_s > 0
)

select
    concat_ws(
        '/', phase, benchmark, chip_id, benchmark_model, coalesce(input_tokens::string, '-'), coalesce(output_tokens::string, '-'),
        speed_band, precision, {{ quarter_of('published_on') }}
    ) as utilisation_id,
    phase as workload_phase,
    benchmark,
    chip_id,
    benchmark_model,
    input_tokens,
    output_tokens,
    speed_band,
    precision,
    {{ quarter_of('published_on') }} as calendar_quarter,
    count(*)::int as results,
    percentile_cont(0.1) within group (order by flops_per_s) as achieved_flops_per_s_p10,
    percentile_cont(0.5) within group (order by flops_per_s) as achieved_flops_per_s_p50,
    percentile_cont(0.9) within group (order by flops_per_s) as achieved_flops_per_s_p90,
    percentile_cont(0.1) within group (order by share_of_16bit_peak) as share_of_16bit_peak_p10,
    percentile_cont(0.5) within group (order by share_of_16bit_peak) as share_of_16bit_peak_p50,
    percentile_cont(0.9) within group (order by share_of_16bit_peak) as share_of_16bit_peak_p90,
    max(share_of_16bit_peak) as share_of_16bit_peak_best,
    percentile_cont(0.5) within group (order by share_of_peak_used) as share_of_peak_used_p50,
    max(share_of_peak_used) as share_of_peak_used_best,
    max(reported_on) as reported_on
from over_peak
group by
    phase, benchmark, chip_id, benchmark_model, input_tokens, output_tokens, speed_band, precision,
    {{ quarter_of('published_on') }}
