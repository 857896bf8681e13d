-- Every spelling of an accelerator's name with the id it stands for. Epoch's chip-sales files write B200 where they
-- mean the package of a GB200 system; price lists mean the HGX board's, so each scope has its own aliases.
select
    scope,
    alias,
    chip_id
from {{ ref('chip_aliases') }}
where scope <> 'any'
union all
select
    scopes.scope,
    aliases.alias,
    aliases.chip_id
from {{ ref('chip_aliases') }} as aliases
cross join (values ('epoch_chip_sales'), ('prices'), ('hardware'), ('benchmarks')) as scopes (scope)
where aliases.scope = 'any'
