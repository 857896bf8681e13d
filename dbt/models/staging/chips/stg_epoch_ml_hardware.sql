-- 16-bit: the tensor rate. Where upstream has none, the plain FP16 rate counts only if it is a tensor rate too: on
-- NVIDIA chips with tensor cores that rate is at least 8 times FP32, the plain one at most 4 times.
select
    facts.name as chip_name,
    facts.manufacturer,
    facts.chip_kind,
    facts.release_date::date as release_date,
    facts.release_price_usd,
    facts.release_price_url,
    coalesce(
        facts.tensor_16bit_flop_per_s,
        case
            when
                facts.manufacturer <> 'NVIDIA'
                or facts.release_date < date '2017-05-01'
                or facts.fp16_flop_per_s > 6 * facts.fp32_flop_per_s
                then facts.fp16_flop_per_s
        end
    ) as flops_16bit_per_s,
    facts.fp8_flop_per_s as flops_fp8_per_s,
    facts.int8_op_per_s as ops_int8_per_s,
    facts.fp4_flop_per_s as flops_fp4_per_s,
    facts.int4_op_per_s as ops_int4_per_s,
    facts.memory_bytes / 1e9 as memory_gb,
    facts.memory_bandwidth_bytes_per_s / 1e9 as memory_bandwidth_gb_per_s,
    facts.tdp_w,
    {{ provenance('facts') }}
from {{ known('epoch_ml_hardware') }} as facts
