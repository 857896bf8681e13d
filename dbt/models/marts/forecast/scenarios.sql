select * from {{ source('forecasts', 'scenarios') }}
