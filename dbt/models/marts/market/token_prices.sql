select
    prices.listed_model,
    prices.model_id,
    prices.model_version,
    prices.provider_id,
    prices.channel,
    prices.valid_from,
    prices.valid_to,
    prices.observed_on,
    prices.input_usd_per_mtok,
    prices.output_usd_per_mtok,
    prices.cached_input_usd_per_mtok,
    (3 * prices.input_usd_per_mtok + prices.output_usd_per_mtok) / 4 as blended_usd_per_mtok,
    prices.valid_from > context.as_of as is_announced,
    prices.valid_from <= context.as_of and prices.valid_to is null as is_current,
    {{ carried_provenance('prices') }}
from {{ ref('int_token_prices') }} as prices
cross join {{ ref('stg_run_context') }} as context
where prices.held_back_because is null
