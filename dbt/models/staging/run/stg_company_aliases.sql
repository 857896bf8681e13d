-- One row per spelling of a company's name, in lower case.
select
    aliases.alias,
    companies.company_id,
    companies.company_name
from {{ ref('company_aliases') }} as aliases
inner join {{ ref('companies') }} as companies using (company_id)
