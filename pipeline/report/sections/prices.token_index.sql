select
    replace(method, '_', ' ') as method,
    period_start as month,
    index_first_month_100 as index,
    usd_per_mtok,
    models
from market.token_price_index
order by method, month
