-- Two sources of one segment's revenue differ by a tenth at most; smaller differences are listed, not hidden.
{{ config(tags=['forecast_stage']) }}
select *
from {{ ref('source_differences') }}
where fact_kind = 'vendor revenue' and relative_difference > 0.1
