select
    provider_id,
    min(provider_name) as provider_name,
    {{ joined('alias') }} as listed_names
from {{ ref('provider_aliases') }}
group by provider_id
union all
-- Names that no alias resolves stand for themselves.
select distinct
    prices.provider_id,
    prices.provider_id,
    prices.provider_id
from {{ ref('int_token_prices') }} as prices
left join {{ ref('provider_aliases') }} as providers on prices.provider_id = providers.provider_id
where providers.provider_id is null
