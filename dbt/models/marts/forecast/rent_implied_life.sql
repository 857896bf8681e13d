select * from {{ source('forecasts', 'rent_implied_life') }}
