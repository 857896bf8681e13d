select
    title,
    url,
    licence,
    credit,
    mode,
    rows_known,
    newest_fact,
    age_days,
    status
from market.sources
order by rows_known = 0, domain, title
