-- A price list that dates a model's later prices but not its first must not make the first the current one.
{{ config(meta={'dagster': {'ref': {'name': 'token_price_history'}}}) }}
select
    prices.provider_id,
    prices.model_id,
    prices.valid_from,
    dated.start_date
from {{ ref('token_price_history') }} as prices
inner join {{ ref('stg_genai_prices') }} as dated
    on prices.listed_model = dated.model_id and prices.valid_from >= dated.start_date
inner join {{ ref('provider_aliases') }} as providers on dated.provider = providers.alias and prices.provider_id = providers.provider_id
where
    prices.source_id = 'genai_prices'
    and prices.reported_on_basis = 'snapshot'
    and prices.valid_from = prices.reported_on
