-- FLOP are the model's (6 per parameter and token; 4 where only adapters are trained, for the frozen weights need no
-- gradients), not the hardware's: recomputed activations do not count. Time holds evaluation, too.
with results as (
    select
        concat_ws('/', 'mlperf', training.round, training.division, training.submitter, training.system, training.benchmark)
            as result_id,
        training.*,
        names.chip_id,
        models.model_id,
        models.parameters_bn,
        models.training_flop_per_parameter_token as flop_per_parameter_token,
        training.progress_at_stop_median * models.tokens_per_progress_unit as training_tokens
    from {{ ref('stg_mlperf_training') }} as training
    left join {{ ref('int_chip_names') }} as names on training.accelerator_name = names.alias and names.scope = 'benchmarks'
    left join {{ ref('benchmark_models') }} as models on training.benchmark = models.model_as_written
)

select
    result_id,
    round,
    published_on,
    submitter,
    division,
    status,
    system,
    benchmark,
    benchmark_family,
    accelerator_as_written,
    chip_id,
    is_mixed_system,
    nodes,
    accelerators,
    runs,
    successful_runs,
    failed_runs,
    logs_missing,
    minutes_to_train,
    minutes_min,
    minutes_max,
    minutes_to_train / 60 * accelerators as chip_hours,
    global_batch_size,
    progress_at_stop_median,
    training_tokens,
    model_id,
    parameters_bn,
    flop_per_parameter_token,
    flop_per_parameter_token * parameters_bn * 1e9 * training_tokens / (60 * minutes_to_train * accelerators)
        as achieved_flops_per_s_per_chip,
    -- A submission that was handed in again, in a later round or beside a power measurement, has the same runs.
    case
        when minutes_to_train is not null
            then nullif(
                first_value(result_id) over (
                    partition by benchmark_family, accelerator_as_written, accelerators, minutes_to_train, minutes_min, minutes_max
                    order by published_on, result_id
                ),
                result_id
            )
    end as repeats_result_id,
    {{ carried_provenance('results') }}
from results
