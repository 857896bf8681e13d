with years as (
    select
        segments.company_id as vendor_id,
        segments.segment_id,
        results.metric,
        segments.definition_version,
        results.fiscal_period as fiscal_year,
        results.period_start,
        results.period_end,
        results.value as value_usd_m,
        null::varchar as quoted_by,
        null::varchar as read_how,
        {{ flagged_provenance('results') }}
    from {{ ref('stg_curated_segment_results') }} as results
    inner join {{ ref('segments') }} as segments
        on
            results.company = segments.source_company
            and results.segment = segments.source_segment
            and results.basis = segments.source_basis
    where results.unit = 'USD million' and results.fiscal_period like 'FY____'
    union all
    select
        company_id as vendor_id,
        segment_id,
        metric,
        definition_version,
        fiscal_period as fiscal_year,
        (period_end - interval 1 year)::date + 1 as period_start,
        period_end,
        value_usd_m,
        quoted_by,
        read_how,
        rounding_usd_m = 50 as is_rounded,
        {{ carried_provenance('documents') }}
    from {{ ref('int_read_results') }} as documents
    where fiscal_period like 'FY____'
)

select
    years.vendor_id,
    years.segment_id,
    years.metric,
    years.definition_version,
    years.fiscal_year,
    years.period_start,
    years.period_end,
    years.value_usd_m,
    {{ document_title('companies.company_name', "'results of ' || years.fiscal_year", 'years') }} as document_title,
    years.quoted_by,
    years.read_how,
    years.is_rounded,
    {{ carried_provenance('years') }}
from years
inner join {{ ref('companies') }} as companies on years.vendor_id = companies.company_id
