-- Of several documents that give one figure the company's own word counts, then the document nearest to the issuer.
select
    company_id as issuer_id,
    scope,
    as_of,
    usd_m_per_year,
    qualifier,
    stated_by,
    count(*) over (partition by company_id, scope, as_of) as documents,
    quoted_by,
    read_how,
    {{ carried_provenance('facts') }}
from {{ ref('stg_read_run_rates') }} as facts
where company_id is not null
qualify row_number() over (
    partition by company_id, scope, as_of
    order by stated_by = 'press', source_url is null, {{ document_rank() }}, source_url
) = 1
