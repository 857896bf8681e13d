-- Where an issuer splits a quarter's revenue completely, the parts add up to the whole: what is left is within the rounding
-- of the figures, half a unit of each.
{{ config(meta={'dagster': {'ref': {'name': 'vendor_quarters_vintages'}}}) }}
with splits (vendor_id, definition_version, whole_id, segment_id) as (
    values
    ('nvidia', 'market-platform', 'total', 'data-center'),
    ('nvidia', 'market-platform', 'total', 'gaming'),
    ('nvidia', 'market-platform', 'total', 'professional-visualization'),
    ('nvidia', 'market-platform', 'total', 'automotive'),
    ('nvidia', 'market-platform', 'total', 'oem-and-other'),
    ('nvidia', 'market-platform', 'data-center', 'data-center-compute'),
    ('nvidia', 'market-platform', 'data-center', 'data-center-networking'),
    ('nvidia', 'fy2027-platform', 'total', 'data-center-hyperscale'),
    ('nvidia', 'fy2027-platform', 'total', 'data-center-acie'),
    ('nvidia', 'fy2027-platform', 'total', 'edge-computing'),
    ('nvidia', 'fy2027-platform-may', 'total', 'data-center-hyperscale'),
    ('nvidia', 'fy2027-platform-may', 'total', 'data-center-acie'),
    ('nvidia', 'fy2027-platform-may', 'total', 'edge-computing'),
    ('amd', '2022-segment', 'total', 'data-center'),
    ('amd', '2022-segment', 'total', 'client'),
    ('amd', '2022-segment', 'total', 'gaming'),
    ('amd', '2022-segment', 'total', 'embedded'),
    ('broadcom', 'segment', 'total', 'semiconductor'),
    ('broadcom', 'segment', 'total', 'infrastructure-software'),
    ('micron', 'technology', 'total', 'dram'),
    ('micron', 'technology', 'total', 'nand'),
    ('micron', 'technology', 'total', 'other')
),

figures as (
    select
        *,
        {{ half_a_unit('value_usd_m') }} as rounding_usd_m
    from {{ ref('vendor_quarters_vintages') }}
    where metric = 'revenue'
),

complete as (
    select
        vendor_id,
        definition_version,
        whole_id,
        count(*) as parts
    from splits
    group by all
),

summed as (
    select
        splits.vendor_id,
        splits.definition_version,
        splits.whole_id,
        parts.fiscal_period,
        sum(parts.value_usd_m) as parts_usd_m,
        sum(parts.rounding_usd_m) as rounding_usd_m,
        count(*) as parts
    from splits
    inner join figures as parts using (vendor_id, definition_version, segment_id)
    group by all
)

select
    summed.*,
    whole.value_usd_m
from summed
inner join complete using (vendor_id, definition_version, whole_id, parts)
inner join figures as whole
    on
        summed.vendor_id = whole.vendor_id
        and summed.whole_id = whole.segment_id
        and summed.fiscal_period = whole.fiscal_period
where abs(summed.parts_usd_m - whole.value_usd_m) > summed.rounding_usd_m + whole.rounding_usd_m
