-- Little's law: requests in flight over the time of one are requests per second. It holds within 20% in 95% of the
-- rows; requests have 0.9 of the nominal tokens on average.
{{ config(meta={'dagster': {'ref': {'name': 'inference_benchmarks'}}}) }}
select avg((abs(ratio - 1) <= 0.2)::int) as share_within
from (
    select
        concurrency / end_to_end_s_p50 * 0.9 * (input_tokens + output_tokens) / accelerators
        / total_tokens_per_second_per_chip as ratio
    from {{ ref('inference_benchmarks') }}
    where benchmark = 'inferencex'
) as rows_of_runs
having avg((abs(ratio - 1) <= 0.2)::int) < 0.95
