with named as (
    select
        facts.*,
        {{ plain_model_name('facts.listed_model') }} as plain_name
    from {{ known('epoch_capabilities') }} as facts
)

select
    facts.listed_model,
    facts.model_name,
    facts.organisation,
    facts.released_on::date as released_on,
    facts.eci,
    facts.accessibility,
    {{ resolved_model('facts.plain_name') }},
    {{ provenance('facts') }}
from named as facts
{{ join_model_aliases('facts.plain_name', 'facts.released_on::date') }}
