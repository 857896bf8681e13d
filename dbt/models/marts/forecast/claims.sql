{{ config(tags=['claims_stage']) }}
select
    claim_id,
    judged_as_of::date as judged_as_of,
    article_section,
    claim_short,
    claim_type,
    article_value,
    article_value_low,
    article_value_high,
    unit,
    our_p10,
    our_p50,
    our_p90,
    probability,
    verdict,
    is_computed,
    reason,
    tables_used,
    tolerance,
    evidence_class
from {{ source('forecasts', 'claims') }}
