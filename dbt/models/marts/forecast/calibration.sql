select * from {{ source('forecasts', 'calibration') }}
