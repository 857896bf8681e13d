-- What was stated last of a segment; NVIDIA's platforms of fiscal 2027 are parts of its data center but for edge computing.
select
    figures.vendor_id,
    figures.segment_id,
    figures.metric,
    figures.fiscal_period,
    {{ part_of('figures') }} as part_of,
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
