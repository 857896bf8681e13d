-- Input and output tokens per second of all accelerators are the total: no part is over some accelerators alone.
{{ config(meta={'dagster': {'ref': {'name': 'inference_benchmarks'}}}) }}
select
    result_id,
    input_tokens_per_second_per_chip,
    tokens_per_second_per_chip,
    total_tokens_per_second_per_chip
from {{ ref('inference_benchmarks') }}
where
    abs(
        (input_tokens_per_second_per_chip + tokens_per_second_per_chip) / total_tokens_per_second_per_chip - 1
    ) > 0.001
    or prefill_accelerators + decode_accelerators <> accelerators
