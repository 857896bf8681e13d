select
    facts.priced_on::date as priced_on,
    facts.cloud,
    facts.region,
    facts.sku,
    facts.gpu_type,
    facts.gpu_memory_gb,
    facts.instance_usd_per_hour / facts.gpus as on_demand_usd_per_chip_hour,
    facts.spot_instance_usd_per_hour / facts.gpus as spot_usd_per_chip_hour,
    {{ provenance('facts') }}
from {{ known('cloud_list_prices') }} as facts
