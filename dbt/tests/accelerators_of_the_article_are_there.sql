-- Every accelerator that the article names has a row, known figures or not; asked only of a run that knows them all.
{{ config(meta={'dagster': {'ref': {'name': 'chips'}}}) }}
with named (chip_id) as (
    values ('nvidia-a100-sxm-80gb'), ('nvidia-a10g'), ('nvidia-h100-sxm'), ('nvidia-l40s'), ('nvidia-b200'),
    ('nvidia-gb200-nvl72'), ('amd-mi300x'), ('amd-mi350x'), ('intel-gaudi2'), ('intel-gaudi3'), ('huawei-ascend-910c'),
    ('google-tpu-v5e'), ('google-tpu-v5p'), ('amazon-inferentia2'), ('amazon-trainium2'), ('meta-mtia-v2'),
    ('microsoft-maia-100'), ('groq-lpu-v1'), ('cerebras-wse-3')
)

select named.chip_id
from named
left join {{ ref('chips') }} as chips on named.chip_id = chips.chip_id
where chips.chip_id is null and (select as_of from {{ ref('stg_run_context') }}) >= date '2025-12-31'
