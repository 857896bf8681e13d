-- Two gathered sources of one segment's revenue differ by a tenth at most; smaller differences are listed, not hidden.
-- What differs from a filing is listed, too, but does not stop a live release: the filing counts.
{{ config(tags=['forecast_stage']) }}
select *
from {{ ref('source_differences') }}
where fact_kind = 'vendor revenue' and relative_difference > 0.1 and source_a <> 'segment_filings'
