select * from {{ source('forecasts', 'assumptions') }}
