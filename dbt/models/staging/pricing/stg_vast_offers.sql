-- On-demand asks. An A100 comes with 40 or 80 GB, which its name on this marketplace does not say.
select
    facts.priced_on::date as priced_on,
    facts.region,
    facts.offer_id,
    facts.gpu_name
    || case when facts.gpu_name not like 'A100%' then '' when facts.gpu_memory_mib > 60000 then '-80' else '-40' end
        as chip_name,
    facts.gpu_memory_mib / 1024 as memory_gb,
    facts.usd_per_chip_hour,
    {{ provenance('facts') }}
from {{ known('vast_offers') }} as facts
where not facts.is_bid
