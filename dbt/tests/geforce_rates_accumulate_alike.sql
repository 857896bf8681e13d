-- A GeForce RTX that adds up 16-bit products in 32 bits does so at a quarter of its INT8 rate, with 16-bit sums at half of
-- it. Data-centre chips are stated with 32-bit sums, so these are, too.
{{ config(meta={'dagster': {'ref': {'name': 'chips'}}}) }}
select
    chip_id,
    flops_16bit_per_s / 1e12 as tflops_16bit,
    ops_8bit_per_s / 1e12 as tops_8bit
from {{ ref('chips') }}
where chip_id like 'nvidia-geforce-rtx-%' and ops_8bit_per_s < 3.8 * flops_16bit_per_s
