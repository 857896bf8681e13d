-- What was stated last of a segment; NVIDIA's platforms of fiscal 2027 are parts of its data center but for edge computing.
select
    figures.vendor_id,
    figures.segment_id,
    figures.metric,
    figures.fiscal_period,
    case
        when figures.vendor_id = 'nvidia' and figures.segment_id like 'data-center-%' then 'data-center'
        when figures.vendor_id = 'microsoft' and figures.segment_id = 'azure' then 'intelligent-cloud'
        when figures.vendor_id = 'samsung' and figures.segment_id = 'memory' then 'device-solutions'
        when figures.vendor_id = 'broadcom' and figures.segment_id = 'ai' then 'semiconductor'
        else 'total'
    end as part_of,
    figures.definition_version,
    figures.period_start,
    figures.period_end,
    figures.calendar_quarter,
    figures.value_usd_m,
    figures.reported_value,
    figures.reported_unit,
    figures.is_derived,
    figures.document_title,
    figures.quoted_by,
    figures.read_how,
    figures.is_rounded,
    {{ carried_provenance('figures') }}
from {{ ref('vendor_quarters_vintages') }} as figures
where figures.segment_id <> 'total'
qualify row_number() over (
    partition by figures.vendor_id, figures.segment_id, figures.metric, figures.fiscal_period
    order by figures.reported_on desc, figures.definition_version desc
) = 1
