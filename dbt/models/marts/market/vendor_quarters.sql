-- What was stated last of the company as a whole; earlier statements and older definitions are in vendor_quarters_vintages.
select
    figures.vendor_id,
    figures.metric,
    figures.fiscal_period,
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
where figures.segment_id = 'total'
qualify row_number() over (
    partition by figures.vendor_id, figures.metric, figures.fiscal_period
    order by figures.reported_on desc, figures.definition_version desc
) = 1
