select
    prices.listed_model,
    prices.model_id,
    prices.provider_id,
    prices.channel,
    prices.valid_from,
    prices.input_usd_per_mtok,
    prices.output_usd_per_mtok,
    prices.held_back_because,
    prices.source_id,
    prices.source_row,
    prices.reported_on
from {{ ref('int_token_prices') }} as prices
where prices.held_back_because is not null
