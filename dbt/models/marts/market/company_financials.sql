-- As filed last; what was filed first is in company_financials_vintages.
select
    figures.company_id,
    figures.metric,
    figures.period_start,
    figures.period_end,
    figures.calendar_quarter,
    figures.value,
    figures.unit,
    figures.is_derived,
    {{ carried_provenance('figures') }}
from {{ ref('company_financials_vintages') }} as figures
where figures.vintage = 'latest'
