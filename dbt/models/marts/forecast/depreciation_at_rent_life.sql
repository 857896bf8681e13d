select * from {{ source('forecasts', 'depreciation_at_rent_life') }}
