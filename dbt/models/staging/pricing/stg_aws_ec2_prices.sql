-- Price per accelerator. An instance that the seed does not have stays without accelerators and is listed as an unknown
-- name; so does one whose GPUs upstream counts otherwise than the seed.
select
    facts.priced_on::date as priced_on,
    facts.region,
    facts.instance_type,
    case facts.lease when 'none' then 'on_demand' when '1yr' then 'reserved_1_year' else 'reserved_3_years' end as terms,
    instances.chip_id,
    instances.instance_type is null as is_unknown_instance,
    facts.instance_usd_per_hour / instances.accelerators as usd_per_chip_hour,
    {{ provenance('facts') }}
from {{ known('aws_ec2_prices') }} as facts
left join {{ ref('cloud_instances') }} as instances
    on
        facts.instance_type = instances.instance_type
        and instances.cloud = 'aws'
        and (facts.gpus is null or abs(facts.gpus - instances.accelerators) < 0.01)
where facts.instance_usd_per_hour > 0
