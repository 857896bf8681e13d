select * from {{ source('forecasts', 'configurations') }}
