-- One row per accelerator: each figure from the first source that has it. Rates come first from the chip types that
-- shipment estimates use (Epoch's newest file, checked against datasheets there), everything else from the hardware
-- table; what the sources say differently is listed in quality.source_differences.
with ranked as (
    select
        *,
        case source_id when 'epoch_chip_types' then 1 when 'epoch_ml_hardware' then 2 else 3 end as rate_rank,
        case source_id when 'epoch_ml_hardware' then 1 when 'curated_accelerator_specs' then 2 else 3 end as text_rank
    from {{ ref('int_chip_specs') }}
)

select
    chip_id,
    {{ first_known('chip_name', 'text_rank') }} as chip_name,
    {{ first_known('manufacturer', 'text_rank') }} as manufacturer,
    {{ first_known('release_date', 'text_rank') }} as release_date,
    {{ first_known('flops_16bit_per_s', 'rate_rank') }} as flops_16bit_per_s,
    {{ first_known('ops_8bit_per_s', 'rate_rank') }} as ops_8bit_per_s,
    {{ first_known('ops_4bit_per_s', 'text_rank') }} as ops_4bit_per_s,
    {{ first_known('memory_gb', 'text_rank') }} as memory_gb,
    {{ first_known('memory_bandwidth_gb_per_s', 'text_rank') }} as memory_bandwidth_gb_per_s,
    {{ first_known('tdp_w', 'text_rank') }} as tdp_w,
    count(*)::int as sources,
    {{ first_known('source_id', 'text_rank') }} as source_id,
    {{ first_known('source_url', 'text_rank') }} as source_url,
    {{ first_known('source_citation', 'text_rank') }} as source_citation,
    {{ first_known('reported_on', 'text_rank') }} as reported_on,
    {{ first_known('reported_on_basis', 'text_rank') }} as reported_on_basis,
    {{ first_known('confidence', 'text_rank') }} as confidence,
    {{ first_known('retrieved_at', 'text_rank') }} as retrieved_at
from ranked
group by chip_id
