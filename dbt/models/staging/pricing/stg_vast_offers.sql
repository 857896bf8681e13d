-- On-demand asks. An A100 comes with 40 or 80 GB, which its name on this marketplace does not say. A machine is offered whole
-- and in parts: the largest offer has all its chips, so each is counted once.
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
qualify
    row_number() over (
        partition by facts.priced_on, facts.machine_id, facts.gpu_name
        order by facts.gpus desc, facts.usd_per_chip_hour asc, facts.offer_id asc
    ) = 1
