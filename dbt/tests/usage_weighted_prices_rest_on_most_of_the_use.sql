-- A usage-weighted price rests on at least 60% of the tokens, free ones counted as known, and shares are shares.
{{ config(meta={'dagster': {'ref': {'name': 'usage_weighted_token_price'}}}) }}
select
    period_kind,
    period_start,
    free_share,
    priced_share,
    open_weights_share,
    unknown_weights_share
from {{ ref('usage_weighted_token_price') }}
where
    priced_share + free_share not between 0.6 and 1.000001
    or open_weights_share + unknown_weights_share > 1.000001
    or paid_usd_per_mtok is null
