select * from {{ source('forecasts', 'scores') }}
union all
select * from {{ source('forecasts', 'rental_scores') }}
