select * from {{ source('forecasts', 'chip_market') }}
