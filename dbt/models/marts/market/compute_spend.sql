select
    report,
    organisation_id,
    case when period_kind = 'year' then make_date(year(period_end), 1, 1) else period_end end as period_start,
    period_end,
    period_kind,
    case category
        when 'Inference cloud compute' then 'inference'
        when 'R&D cloud compute' then 'research_and_training'
        when 'R&D cloud compute,Inference cloud compute' then 'total'
        else 'total_with_data'
    end as component,
    spend_usd_m,
    {{ carried_provenance('spend') }}
from {{ ref('stg_epoch_compute_spend') }} as spend
