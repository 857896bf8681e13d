-- How much a benchmark's throughput moves when nothing was changed: the standard deviation of the log of one result,
-- from the same configuration with the same software in two runs at most a fortnight apart. Chips with fewer than ten
-- such pairs take the pool of all.
with results as (
    select
        chip_id,
        round,
        software_image,
        published_on,
        tokens_per_second_per_chip,
        lag(round) over same as earlier_round,
        lag(software_image) over same as earlier_image,
        lag(published_on) over same as earlier_on,
        lag(tokens_per_second_per_chip) over same as earlier_tokens_per_second_per_chip
    from {{ ref('inference_benchmarks') }}
    where benchmark = 'inferencex' and tokens_per_second_per_chip > 0 and software_image is not null
    window same as (
        partition by
            chip_id, system, benchmark_model, framework, weight_precision, speculative_decoding, accelerators,
            prefill_accelerators, decode_accelerators, tensor_parallel, expert_parallel, input_tokens, output_tokens, concurrency
        order by published_on, round, result_id
    )
),

changes as (
    select
        chip_id,
        ln(tokens_per_second_per_chip / earlier_tokens_per_second_per_chip) as log_change
    from results
    where
        round <> earlier_round
        and software_image = earlier_image
        and {{ days_between('earlier_on', 'published_on') }} <= 14
)

select
    chip_id,
    count(*) as pairs,
    {{ in_order('stddev', 'log_change') }} / sqrt(2) as log_sd
from changes
group by chip_id
having count(*) >= 10
union all
select
    'any',
    count(*),
    {{ in_order('stddev', 'log_change') }} / sqrt(2)
from changes
having count(*) >= 10
