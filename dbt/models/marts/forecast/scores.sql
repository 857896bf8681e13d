select * from {{ source('forecasts', 'scores') }}
