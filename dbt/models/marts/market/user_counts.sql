with disclosed as (
    select
        organisation,
        product,
        observed_on,
        active_per,
        active_users_m,
        'statement' as report,
        {{ carried_provenance('gathered') }}
    from {{ ref('stg_curated_user_disclosures') }} as gathered
    union all
    select
        organisation,
        product,
        observed_on,
        active_per,
        active_users / 1e6,
        report,
        {{ carried_provenance('reports') }}
    from {{ ref('stg_epoch_usage_reports') }} as reports
    where active_users is not null and active_per is not null
)

select
    coalesce(aliases.company_id, {{ slug('disclosed.organisation') }}) as organisation_id,
    disclosed.product,
    disclosed.observed_on,
    disclosed.active_per,
    disclosed.report,
    disclosed.active_users_m,
    {{ carried_provenance('disclosed') }}
from disclosed
left join {{ ref('stg_company_aliases') }} as aliases on lower(disclosed.organisation) = aliases.alias
