-- Vendors and capex, then supply and demand: two stages write the same columns.
select * from {{ source('forecasts', 'changes') }}
union all
select * from {{ source('forecasts', 'compute_changes') }}
