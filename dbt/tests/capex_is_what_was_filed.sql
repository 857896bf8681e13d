-- Quarters computed from XBRL equal both tables of the same filings made elsewhere: as filed last and as filed first.
{{ config(tags=['forecast_stage']) }}
select *
from {{ ref('source_differences') }}
where fact_kind like 'capital expenditure%'
