-- One organisation's figure within two months and 3% from two sources is one statement, whatever its scope or product is called.
{{ config(meta={'dagster': {'ref': {'name': 'token_usage'}}}) }}
with statements as (
    select
        organisation_id,
        scope as name,
        observed_on,
        tokens_per_day as figure,
        'tokens' as kind,
        source_id
    from {{ ref('token_usage') }}
    where organisation_id <> 'openrouter'
    union all
    select
        organisation_id,
        product,
        observed_on,
        active_users_m,
        active_per,
        source_id
    from {{ ref('user_counts') }}
)

select
    one.organisation_id,
    one.kind,
    one.name,
    one.observed_on,
    one.figure,
    other.name as other_name,
    other.observed_on as other_observed_on,
    other.figure as other_figure
from statements as one
inner join statements as other
    on
        one.organisation_id = other.organisation_id
        and one.kind = other.kind
        and one.source_id < other.source_id
        and abs({{ days_between('one.observed_on', 'other.observed_on') }}) <= 62
        and abs(one.figure / other.figure - 1) <= 0.03
