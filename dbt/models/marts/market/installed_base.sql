{{ config(tags=['forecast_stage']) }}
select * from {{ source('forecasts', 'installed_base') }}
