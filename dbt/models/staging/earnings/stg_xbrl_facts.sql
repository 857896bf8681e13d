select
    companies.company_id,
    facts.cik,
    facts.tag,
    facts.unit,
    facts.period_start::date as period_start,
    facts.period_end::date as period_end,
    facts.value,
    facts.accession,
    facts.form,
    facts.filed_on::date as filed_on,
    {{ provenance('facts') }}
from {{ known('xbrl_facts') }} as facts
left join {{ ref('companies') }} as companies on facts.cik = companies.cik::string
