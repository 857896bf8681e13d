-- At the same time (within 45 days) a scope is not above all products of its organisation, a company of China not above the
-- country, users of a shorter period not above those of a longer one, and a product's users not above those of all products.
{{ config(meta={'dagster': {'ref': {'name': 'token_usage'}}}) }}
{% set users = "case active_per when 'daily' then 1 when 'weekly' then 2 else 3 end" %}
select
    parts.organisation_id,
    parts.scope as part,
    parts.observed_on,
    parts.tokens_per_day as value_of_part,
    wholes.organisation_id || ' ' || wholes.scope as whole,
    wholes.tokens_per_day as value_of_whole
from {{ ref('token_usage') }} as parts
left join {{ ref('companies') }} as companies on parts.organisation_id = companies.company_id
inner join (
    select organisation_id, scope, observed_on, tokens_per_day from {{ ref('token_usage') }}
    union all
    select organisation_id, scope, observed_on, tokens_per_day from {{ ref('national_token_usage') }}
) as wholes
    on
        (
            parts.organisation_id = wholes.organisation_id and wholes.scope = 'all products' and parts.scope <> 'all products'
            or wholes.organisation_id = 'china' and companies.country = 'CN'
        )
        and abs({{ days_between('parts.observed_on', 'wholes.observed_on') }}) <= 45
where parts.tokens_per_day > 1.03 * wholes.tokens_per_day
union all
select
    parts.organisation_id,
    parts.product || ' ' || parts.active_per,
    parts.observed_on,
    parts.active_users_m,
    wholes.product || ' ' || wholes.active_per,
    wholes.active_users_m
from {{ ref('user_counts') }} as parts
inner join {{ ref('user_counts') }} as wholes
    on
        parts.organisation_id = wholes.organisation_id
        and (
            parts.product = wholes.product and {{ users | replace('active_per', 'parts.active_per') }}
            < {{ users | replace('active_per', 'wholes.active_per') }}
            or wholes.product = 'all products' and parts.product <> 'all products'
            and {{ users | replace('active_per', 'parts.active_per') }} <= {{ users | replace('active_per', 'wholes.active_per') }}
        )
        and abs({{ days_between('parts.observed_on', 'wholes.observed_on') }}) <= 45
where parts.active_users_m > 1.03 * wholes.active_users_m
