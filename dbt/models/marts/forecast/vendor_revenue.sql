select
    {{ all_but('paths', ['horizon']) }},
    -- Sums of quarters have none.
    case when period_kind = 'quarter' then horizon end as horizon
from {{ source('forecasts', 'vendor_revenue') }} as paths
