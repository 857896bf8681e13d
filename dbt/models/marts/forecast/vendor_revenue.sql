select * from {{ source('forecasts', 'vendor_revenue') }}
