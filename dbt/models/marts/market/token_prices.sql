-- What a text model's tokens cost now at who sells it: of several current offers (versions, regions, lists) that under the plain
-- name, else of the newest version; the shortest name is that without a region. No batch: it is answered within a day.
select
    model_id,
    provider_id,
    listed_model,
    model_version,
    input_usd_per_mtok,
    output_usd_per_mtok,
    cached_input_usd_per_mtok,
    coalesce(other_prices, max(other_prices) over (partition by model_id, provider_id, input_usd_per_mtok)) as other_prices,
    blended_usd_per_mtok,
    count(*) over (partition by model_id, provider_id) as current_offers,
    valid_from,
    valid_from_basis,
    observed_on,
    {{ carried_provenance('prices') }}
from {{ ref('token_price_history') }} as prices
where
    is_current and model_kind = 'text' and channel not like '% batch'
    and input_usd_per_mtok > 0 and output_usd_per_mtok > 0
qualify row_number() over (
    partition by model_id, provider_id
    order by
        model_version <> '' asc, model_version desc, length(listed_model) asc, valid_from asc, source_id asc, listed_model asc,
        channel asc
) = 1
