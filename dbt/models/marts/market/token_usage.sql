-- Scopes differ and are never added: Google counts all surfaces, OpenAI its API, a router only itself.
select
    organisation_id,
    name as scope,
    observed_on,
    stated_in,
    tokens_per_day,
    document_title,
    quoted_by,
    read_how,
    {{ carried_provenance('stated') }}
from {{ ref('int_usage_statements') }} as stated
where tokens_per_day is not null and organisation_id <> 'china'
union all
select
    'openrouter',
    case when is_partial then 'router, partial week' else 'router, one week' end,
    week_start + 6,
    'tokens per week',
    tokens_per_day,
    source_citation as document_title,
    null::string as quoted_by,
    'data' as read_how,
    {{ carried_provenance('router') }}
from {{ ref('stg_openrouter_weekly_tokens') }} as router
