-- Scopes differ and are never added: Google counts all surfaces, OpenAI its API, a router only itself.
with disclosed as (
    select
        organisation,
        scope,
        observed_on,
        disclosed_unit as stated_in,
        tokens_per_day,
        {{ carried_provenance('gathered') }}
    from {{ ref('stg_curated_token_disclosures') }} as gathered
    union all
    select
        organisation,
        product,
        observed_on,
        'tokens per day (' || report || ')',
        tokens_per_day,
        {{ carried_provenance('reports') }}
    from {{ ref('stg_epoch_usage_reports') }} as reports
    where tokens_per_day is not null
    union all
    select
        'OpenRouter',
        case when is_partial then 'router, partial week' else 'router, one week' end,
        week_start + 6,
        'tokens per week',
        tokens_per_day,
        {{ carried_provenance('router') }}
    from {{ ref('stg_openrouter_weekly_tokens') }} as router
)

select
    coalesce(aliases.company_id, {{ slug('disclosed.organisation') }}) as organisation_id,
    disclosed.scope,
    disclosed.observed_on,
    disclosed.stated_in,
    disclosed.tokens_per_day,
    {{ carried_provenance('disclosed') }}
from disclosed
left join {{ ref('stg_company_aliases') }} as aliases on lower(disclosed.organisation) = aliases.alias
