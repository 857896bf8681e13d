{{ config(tags=['reads_catalogue']) }}
-- How old the newest fact of each source is, and how full each market table; one that is empty says so.
-- depends_on: {{ ref('installed_base') }}
-- depends_on: {{ ref('chip_shipments_by_source') }}
-- depends_on: {{ ref('shipment_comparison') }}
-- depends_on: {{ ref('shipment_comparison_by_chip') }}
-- depends_on: {{ ref('shipment_coverage') }}
-- depends_on: {{ ref('benchmark_progress') }}
-- depends_on: {{ ref('inference_costs') }}
select
    'source' as kind,
    source_id,
    rows_known as rows,
    rows_rejected,
    newest_fact,
    age_days,
    max_age_days,
    status,
    mode,
    message
from {{ ref('sources') }}
union all
select
    'table',
    schema_name || '.' || table_name,
    row_count,
    null,
    null,
    null,
    null,
    case when row_count = 0 then 'nothing known by then' else 'filled' end,
    context.mode,
    null
from {{ market_row_counts() }} as tables
cross join {{ ref('stg_run_context') }} as context
