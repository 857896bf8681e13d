-- theirs: Epoch AI | operational AI compute at tracked sites | 2026-08 |
-- bridge: the same data set in an older file, of July 2026
-- explained by: market.data_centers.reported_on: sites and milestones added since
-- moved by: market.data_centers.h100e
select sum(h100e order by site) / 1e6
from (
    select
        site,
        arg_max(h100e, milestone_on) as h100e
    from market.data_centers
    where not is_projection and milestone_on <= '2026-08-31'
    group by site
) as sites
