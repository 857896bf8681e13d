-- What a source states of usage and we show otherwise, or not at all.
select
    source_id,
    organisation,
    statement,
    stated_for,
    case when is_withheld then 'withheld' else 'corrected' end as what_is_done,
    observed_on as shown_for,
    active_users_m as shown_users_m,
    product as shown_as,
    reason,
    source_url
from {{ ref('usage_corrections') }}
