select
    max(newest_fact + age_days::integer) as as_of,
    max(newest_fact) as newest_fact
from market.sources
