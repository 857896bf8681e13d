select * from {{ source('forecasts', 'token_holdouts') }}
