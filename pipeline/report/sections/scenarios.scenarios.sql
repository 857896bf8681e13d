select distinct
    name,
    description
from forecast.scenarios
where scenario_id <> 'base'
order by name
