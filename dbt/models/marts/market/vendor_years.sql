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
        null::string as quoted_by,
        null::string as read_how,
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
        is_rounded,
        {{ carried_provenance('documents') }}
    from {{ ref('int_read_results') }} as documents
    where fiscal_period like 'FY____'
),

-- What was read in a document stands in the place of the gathered figure.
chosen as (
    select *
    from years
    qualify row_number() over (
        partition by vendor_id, segment_id, metric, definition_version, fiscal_year order by source_url is null
    ) = 1
),

first_quarters as (
    select distinct
        vendor_id,
        fiscal_period,
        period_start
    from {{ ref('vendor_quarters_vintages') }}
)

select
    chosen.vendor_id,
    chosen.segment_id,
    chosen.metric,
    chosen.definition_version,
    chosen.fiscal_year,
    {{ part_of('chosen') }} as part_of,
    coalesce(first_quarters.period_start, chosen.period_start) as period_start,
    chosen.period_end,
    chosen.value_usd_m,
    {{ document_title('companies.company_name', "'results of ' || chosen.fiscal_year", 'chosen') }} as document_title,
    chosen.quoted_by,
    chosen.read_how,
    chosen.is_rounded,
    {{ carried_provenance('chosen') }}
from chosen
inner join {{ ref('companies') }} as companies on chosen.vendor_id = companies.company_id
left join first_quarters
    on chosen.vendor_id = first_quarters.vendor_id and chosen.fiscal_year || 'Q1' = first_quarters.fiscal_period
