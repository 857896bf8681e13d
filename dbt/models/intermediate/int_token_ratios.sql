-- What a chip serves beside a B200: best throughput per accelerator of both in one round of MLPerf Inference, on one model
-- and in one scenario, so that software is of one date and results were reviewed. The median over such pairs.
with best as (
    select
        round,
        benchmark_model,
        scenario,
        chip_id,
        max(coalesce(tokens_per_second_per_chip, samples_per_second_per_chip)) as per_second_per_chip
    from {{ ref('inference_benchmarks') }}
    where benchmark = 'mlperf_inference' and scenario in ('Offline', 'Server') and chip_id is not null
    group by round, benchmark_model, scenario, chip_id
)

select
    other.chip_id,
    median(other.per_second_per_chip / reference.per_second_per_chip) as times_reference,
    count(*) as comparisons
from best as other
inner join best as reference
    on
        other.round = reference.round
        and other.benchmark_model = reference.benchmark_model
        and other.scenario = reference.scenario
where reference.chip_id = 'nvidia-b200' and reference.per_second_per_chip > 0
group by other.chip_id
