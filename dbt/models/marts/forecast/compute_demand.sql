select * from {{ source('forecasts', 'compute_demand') }}
