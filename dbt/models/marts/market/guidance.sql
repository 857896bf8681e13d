-- Several documents may give one statement: the one with a range counts, then the one nearest to the issuer, then the one
-- that did not round. A later statement for the same period supersedes it.
with documents as (
    select
        *,
        low_usd_m is not null and high_usd_m is not null as has_range,
        {{ document_rank() }} as source_rank
    from {{ ref('stg_read_guidance') }}
),

chosen as (
    select
        *,
        count(*) over (
            partition by company_id, metric, segment_id, basis, target_period, reported_on, given_as
        ) as documents
    from documents
    qualify row_number() over (
        partition by company_id, metric, segment_id, basis, target_period, reported_on, given_as
        order by has_range desc, source_rank asc, high_usd_m - low_usd_m asc, source_url asc
    ) = 1
)

select
    chosen.company_id as issuer_id,
    chosen.metric,
    chosen.segment_id,
    chosen.basis,
    chosen.target_period,
    coalesce(ends.period_end, chosen.period_end) as target_period_end,
    chosen.given_as,
    chosen.reported_on as issued_on,
    lead(chosen.reported_on) over (
        partition by chosen.company_id, chosen.metric, chosen.segment_id, chosen.basis, chosen.target_period
        order by chosen.reported_on
    ) as superseded_on,
    chosen.low_usd_m,
    coalesce(chosen.mid_usd_m, (chosen.low_usd_m + chosen.high_usd_m) / 2) as mid_usd_m,
    chosen.high_usd_m,
    chosen.documents,
    {{ document_title('companies.company_name', "'outlook for ' || chosen.target_period", 'chosen') }} as document_title,
    chosen.quoted_by,
    chosen.read_how,
    {{ carried_provenance('chosen') }}
from chosen
inner join {{ ref('companies') }} as companies on chosen.company_id = companies.company_id
left join {{ ref('int_fiscal_quarters') }} as ends
    on chosen.company_id = ends.company_id and chosen.target_period = ends.fiscal_period
