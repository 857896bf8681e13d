select
    facts.month::date as month,
    facts.gpu_model,
    facts.terms,
    facts.index_first_month_100,
    facts.providers::int as providers,
    facts.provider_coverage_share,
    facts.last_observed_on::date as last_observed_on,
    {{ provenance('facts') }}
from {{ known('gpu_rental_index') }} as facts
