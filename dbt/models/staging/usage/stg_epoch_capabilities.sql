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
    coalesce(aliases.model_id, {{ model_of('facts.plain_name') }}) as model_id,
    coalesce(aliases.model_version, {{ model_version_of('facts.plain_name') }}) as model_version,
    {{ provenance('facts') }}
from named as facts
left join {{ ref('model_aliases') }} as aliases
    on
        {{ model_of('facts.plain_name') }} = aliases.alias
        and facts.released_on::date >= aliases.valid_from
        and (facts.released_on::date < aliases.valid_to or aliases.valid_to is null)
