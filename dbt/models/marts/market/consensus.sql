-- Vendors of estimates differ by up to 3%: the median of what pages state counts, and the page nearest to it is cited.
with stated as (
    select
        *,
        count(source_url) over of_report as documents,
        median(consensus) over of_report as middle,
        min(consensus) over of_report as lowest,
        max(consensus) over of_report as highest
    from {{ ref('stg_read_consensus') }}
    window of_report as (
        partition by company_id, metric, segment_id, fiscal_period, quarters_ahead, reported_on, unit
    )
)

select
    stated.company_id,
    stated.metric,
    stated.segment_id,
    stated.fiscal_period,
    stated.quarters_ahead,
    stated.lowest as consensus_low,
    stated.middle as consensus,
    stated.highest as consensus_high,
    stated.unit,
    stated.documents,
    stated.expected_by,
    {{ document_title('companies.company_name', "'consensus for ' || stated.fiscal_period", 'stated') }} as document_title,
    stated.quoted_by,
    stated.read_how,
    {{ carried_provenance('stated') }}
from stated
inner join {{ ref('companies') }} as companies on stated.company_id = companies.company_id
qualify row_number() over (
    partition by
        stated.company_id, stated.metric, stated.segment_id, stated.fiscal_period, stated.quarters_ahead,
        stated.reported_on, stated.unit
    order by stated.source_url is null, abs(stated.consensus - stated.middle), {{ document_rank() }}, stated.source_url, stated.consensus
) = 1
