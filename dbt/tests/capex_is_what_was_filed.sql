-- Quarters computed from XBRL equal both tables of the same filings made elsewhere, as filed last and as filed first. A few that
-- differ were restated since: a warning, with the rows in quality.source_differences. A wrong derivation differs in most of 300.
{{ config(warn_if='>0', error_if='>20', tags=['forecast_stage']) }}
select *
from {{ ref('source_differences') }}
where fact_kind like 'capital expenditure%'
