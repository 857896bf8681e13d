-- Two ids that differ only in how a number, a seller or a kind of price is written are one model under two names.
{{ config(severity='warn', meta={'dagster': {'ref': {'name': 'models'}}}) }}
with bare as (
    select
        model_id,
        {% set name = replace_matches('model_id', '^(databricks|regional|us-gov|meta|openai|anthropic|amazon|nvidia)-', '') %}
        {% set name = replace_matches(name, '^(deepseek|minimax)-([vrm][0-9])', '\\2') %}
        {% set name = replace_matches(name, '-(batch|default|instruct|preview|latest)$', '') %}
        {% set name = replace_matches(name, '([0-9])p([0-9])', '\\1\\2') %}
        {{ replace_matches(name, '[^a-z0-9]', '') }} as bare_name
    from {{ ref('models') }}
)

select
    bare_name,
    count(*) as ids,
    {{ joined('model_id') }} as model_ids
from bare
group by bare_name
having count(*) > 1
