-- Cash as filed last; what was filed first and what companies themselves call capital expenditure is in capex_quarters_vintages.
select
    figures.company_id,
    figures.period_start,
    figures.period_end,
    figures.calendar_quarter,
    figures.fiscal_period,
    figures.capex_usd_m,
    figures.is_derived,
    figures.document_title,
    figures.quoted_by,
    figures.read_how,
    figures.is_rounded,
    {{ carried_provenance('figures') }}
from {{ ref('capex_quarters_vintages') }} as figures
where figures.basis = 'cash' and figures.vintage = 'latest'
