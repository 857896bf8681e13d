select * from {{ source('forecasts', 'reconciliation') }}
