{# How a model's name is read: every list writes it another way. #}

{# The name without the seller, the variant, the reasoning effort and words that say nothing of ability:
   "bedrock/us.anthropic.claude-3-5-sonnet-20240620-v1:0" becomes claude-3-5-sonnet-20240620. #}
{% macro plain_model_name(name) -%}
    {% set text = replace_matches('lower(' ~ name ~ ')', '^.*/', '') %}
    {% set text = replace_matches(text, ':(free|beta|thinking|nitro|extended|online|floor|exacto|self-moderated)$', '') %}
    {% set text = replace_matches(text, '^((us|eu|apac|jp|au|global)[.])?(anthropic|meta|mistral|amazon|cohere|ai21|deepseek|qwen|openai|moonshot|minimax|google|nvidia|writer|zai)[.]', '') %}
    {% set text = replace_matches(text, '-v[0-9]+:[0-9]+(:[0-9a-z]+)?$', '') %}
    {% set text = replace_matches(text, '_(low|medium|high|xhigh|max|none|minimal|unknown|thinking|[0-9]+k)$', '') %}
    {% set text = replace_matches(text, '[^a-z0-9]+', '-') %}
    {# Twice, because a word that is taken out takes the dash before the next one with it. #}
    {% set empty_words = '-(latest|preview|instruct|it|hf|beta|exp|versatile|pre-release|webapp|web-app)(-|$)' %}
    {% set text = replace_matches(text, empty_words, '-') %}
    {% set text = replace_matches(text, empty_words, '-') %}
    {{- "trim(both '-' from " ~ text ~ ")" -}}
{%- endmacro %}

{% macro model_version_pattern() -%}
    -([0-9]{2}-20[0-9]{2}|20[0-9]{6}|20[0-9]{2}-[0-9]{2}-[0-9]{2}|[0-9]{2}-[0-9]{2}|[0-9]{4}|00[0-9])$
{%- endmacro %}

{# The model of a plain name: what stays when the version's date or number is left off. #}
{% macro model_of(plain_name) -%}
    {{ replace_matches(plain_name, model_version_pattern(), '') }}
{%- endmacro %}

{# The version's date or number as digits, '' where the name has none. #}
{% macro model_version_of(plain_name) -%}
    {{ replace_matches('substr(' ~ plain_name ~ ', length(' ~ model_of(plain_name) ~ ') + 1)', '[^0-9]', '') }}
{%- endmacro %}
