with named as (
    select
        facts.*,
        {{ plain_model_name('facts.listed_model') }} as plain_name
    from {{ known('openrouter_model_days') }} as facts
)

select
    facts.usage_date::date as usage_date,
    facts.listed_model,
    case when facts.listed_model <> 'other' then coalesce(aliases.model_id, {{ model_of('facts.plain_name') }}) end as model_id,
    coalesce(aliases.model_version, {{ model_version_of('facts.plain_name') }}) as model_version,
    facts.listed_model like '%:free' as is_free,
    facts.tokens,
    {{ provenance('facts') }}
from named as facts
{{ join_model_aliases('facts.plain_name', 'facts.usage_date::date') }}
