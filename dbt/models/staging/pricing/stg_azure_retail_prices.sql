-- The price of the machine alone (no Windows licence, no retired low-priority terms), per accelerator. A machine that
-- the seed does not have stays without accelerators and is listed as an unknown name.
select
    facts.priced_on::date as priced_on,
    facts.region,
    facts.instance_type,
    facts.product || ', ' || facts.meter as offer,
    case when facts.meter like '%Spot' then 'spot' else 'on_demand' end as terms,
    instances.chip_id,
    instances.instance_type is null as is_unknown_instance,
    facts.instance_usd_per_hour / instances.accelerators as usd_per_chip_hour,
    {{ provenance('facts') }}
from {{ known('azure_retail_prices') }} as facts
left join {{ ref('cloud_instances') }} as instances
    on facts.instance_type = instances.instance_type and instances.cloud = 'azure'
where
    facts.instance_usd_per_hour > 0
    and facts.product not like '%Windows%'
    and facts.meter not like '%Low Priority%'
    and facts.price_type = 'Consumption'
    and facts.effective_from <= facts.priced_on
-- A meter whose price was changed has several; the newest that holds on the day counts.
qualify row_number() over (
    partition by facts.priced_on, facts.region, facts.instance_type, facts.product, facts.meter
    order by facts.effective_from desc
) = 1
