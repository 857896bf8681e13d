{{ config(tags=['claims_stage']) }}
select * from {{ source('forecasts', 'claims') }}
