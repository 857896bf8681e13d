select * from {{ source('forecasts', 'inference_share') }}
where flow_or_stock = 'flow'
