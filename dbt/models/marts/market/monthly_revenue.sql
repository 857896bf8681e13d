-- Of several documents that give one month the one with most digits counts, of those the one nearest to the issuer; a month
-- is known from the first day on which one of them gave it.
with documents as (
    select
        facts.*,
        {{ document_rank() }} as document_rank,
        {{ half_a_unit('value') }} as rounding,
        first(reported_on) over of_month as known_on,
        first(reported_on_basis) over of_month as known_on_basis,
        count(*) over of_month as documents
    from {{ ref('stg_read_monthly_revenue') }} as facts
    where company_id is not null
    window of_month as (
        partition by company_id, month_end
        order by reported_on, reported_on_basis
        rows between unbounded preceding and unbounded following
    )
)

select
    company_id as vendor_id,
    month_end,
    value as revenue_twd_m,
    documents,
    quoted_by,
    read_how,
    {{ carried_provenance('documents')
        | replace('documents.reported_on_basis', 'documents.known_on_basis as reported_on_basis')
        | replace('documents.reported_on,', 'documents.known_on as reported_on,') }}
from documents
qualify row_number() over (partition by company_id, month_end order by rounding asc, document_rank asc, source_url asc) = 1
