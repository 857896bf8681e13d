-- Of several documents that give one figure the one nearest to the issuer counts, then the one with most digits.
select
    company_id as issuer_id,
    side,
    kind,
    scope,
    part,
    definition,
    as_of,
    value_usd_m,
    overlaps_with,
    count(*) over of_figure as documents,
    quoted_by,
    read_how,
    {{ carried_provenance('facts') }}
from {{ ref('stg_read_commitments') }} as facts
where company_id is not null
window of_figure as (partition by company_id, side, kind, scope, part, definition, as_of)
qualify row_number() over (
    partition by company_id, side, kind, scope, part, definition, as_of
    order by
        source_url is null, {{ document_rank() }}, length(trim(trailing '0' from value_usd_m::bigint::string)) desc, source_url
) = 1
