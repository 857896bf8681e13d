select
    facts.row_id,
    facts.priced_on::date as priced_on,
    facts.hardware_model,
    facts.vendor,
    facts.location,
    facts.on_demand_usd_per_chip_hour,
    facts.one_year_usd_per_chip_hour,
    facts.three_year_usd_per_chip_hour,
    facts.purchase_usd,
    facts.chips_priced_together,
    facts.price_note,
    {{ provenance('facts') }}
from {{ known('epoch_hardware_prices') }} as facts
