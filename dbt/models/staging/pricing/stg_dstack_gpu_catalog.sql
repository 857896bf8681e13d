-- dstack's GPU names do not say the form of a chip that is sold in several. The instance's name says it, or the seed of
-- instances does (int_rental_offers); else the name stays unknown. The memory of a TPU slice is that of all its chips.
-- Google's calendar mode (DWS) is capacity that is booked ahead for given days, which upstream's spot column does not say.
select
    facts.priced_on::date as priced_on,
    facts.provider,
    facts.region,
    facts.instance_type,
    facts.instance_type || ' x ' || facts.accelerators::int::string
    || case when facts.flags = 'none' then '' else ' ' || facts.flags end as offer,
    case
        when facts.flags like '%calendar-mode%' then 'booked_ahead'
        when facts.is_spot then 'spot'
        else 'on_demand'
    end as terms,
    case
        when facts.provider = 'runpod' then facts.instance_type
        when facts.gpu_name not in ('A100', 'H100', 'V100') then facts.gpu_name
        else
            facts.gpu_name || '-' || facts.gpu_memory_gb::int::string
            || case
                when lower(facts.instance_type) like '%sxm%' then ' SXM'
                when lower(facts.instance_type) like '%pcie%' then ' PCIe'
                else ' form not stated'
            end
    end as chip_name,
    facts.gpu_memory_gb * facts.gpus_as_written / facts.accelerators as memory_gb,
    facts.usd_per_chip_hour,
    {{ provenance('facts') }}
from {{ known('dstack_gpu_catalog') }} as facts
where facts.usd_per_chip_hour > 0
