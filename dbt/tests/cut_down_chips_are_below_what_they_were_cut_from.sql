-- A chip made slower for a market, or sold as a slower grade, is in no figure above the one it was cut from.
{{ config(meta={'dagster': {'ref': {'name': 'chips'}}}) }}
with cut (chip_id, cut_from) as (
    values ('amd-mi308x', 'amd-mi300x'), ('nvidia-h800-sxm', 'nvidia-h100-sxm'), ('nvidia-h800-pcie', 'nvidia-h100-pcie'),
    ('nvidia-h20', 'nvidia-h200-sxm'), ('nvidia-h20-141gb', 'nvidia-h200-sxm'), ('nvidia-a800-sxm', 'nvidia-a100-sxm-80gb'),
    ('nvidia-a100-pcie-40gb', 'nvidia-a100-sxm-40gb'), ('nvidia-a100-pcie-80gb', 'nvidia-a100-sxm-80gb'),
    ('nvidia-a800-pcie-40-gb', 'nvidia-a100-pcie-40gb'), ('nvidia-a800-pcie-80-gb', 'nvidia-a100-pcie-80gb'),
    ('nvidia-l20-pcle', 'nvidia-l40s'), ('nvidia-h200-nvl', 'nvidia-h200-sxm'), ('nvidia-b100', 'nvidia-gb200'),
    ('nvidia-b200', 'nvidia-gb200'), ('nvidia-b300', 'nvidia-gb300'), ('amd-mi350x', 'amd-mi355x'),
    ('huawei-ascend-910b3', 'huawei-ascend-910b2')
)

select
    cut.chip_id,
    cut.cut_from,
    chips.memory_bandwidth_gb_per_s,
    whole.memory_bandwidth_gb_per_s as bandwidth_of_whole_gb_per_s
from cut
inner join {{ ref('chips') }} as chips on cut.chip_id = chips.chip_id
inner join {{ ref('chips') }} as whole on cut.cut_from = whole.chip_id
where
    chips.memory_bandwidth_gb_per_s > 1.01 * whole.memory_bandwidth_gb_per_s
    or chips.flops_16bit_per_s > 1.01 * whole.flops_16bit_per_s
    or chips.ops_8bit_per_s > 1.01 * whole.ops_8bit_per_s
    or chips.ops_4bit_per_s > 1.01 * whole.ops_4bit_per_s
