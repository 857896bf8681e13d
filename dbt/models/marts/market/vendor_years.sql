select
    segments.company_id as vendor_id,
    segments.segment_id,
    results.metric,
    segments.definition_version,
    results.fiscal_period as fiscal_year,
    results.period_start,
    results.period_end,
    results.value as value_usd_m,
    {{ flagged_provenance('results') }}
from {{ ref('stg_curated_segment_results') }} as results
inner join {{ ref('segments') }} as segments
    on
        results.company = segments.source_company
        and results.segment = segments.source_segment
        and results.basis = segments.source_basis
where results.unit = 'USD million' and results.fiscal_period like 'FY____'
