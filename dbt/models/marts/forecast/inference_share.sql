select * from {{ source('forecasts', 'inference_share') }}
