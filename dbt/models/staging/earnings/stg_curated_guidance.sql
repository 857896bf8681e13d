-- Issued in USD billion or percent; here million and percent, converted once.
select
    aliases.company_id,
    facts.metric,
    facts.target_period,
    case when facts.unit = 'USD billion' then facts.low * 1000 end as low_usd_m,
    case when facts.unit = 'USD billion' then facts.mid * 1000 end as mid_usd_m,
    case when facts.unit = 'USD billion' then facts.high * 1000 end as high_usd_m,
    case when facts.unit = 'percent' then facts.mid end as growth_pct,
    facts.issued_on::date as issued_on,
    {{ provenance('facts') }}
from {{ known('curated_guidance') }} as facts
left join {{ ref('stg_company_aliases') }} as aliases on lower(facts.company) = aliases.alias
