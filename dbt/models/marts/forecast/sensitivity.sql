select * from {{ source('forecasts', 'sensitivity') }}
