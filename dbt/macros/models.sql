{# How a model's name is read: every list writes it another way. #}

{# The name without the seller, the variant, the reasoning effort and words that say nothing of ability, its number written
   one way: "bedrock/us.anthropic.claude-3-5-sonnet-20240620-v1:0" becomes claude-3-5-sonnet-20240620, "llama-v3p1-405b"
   llama-3-1-405b, "qwen-2.5-72b" qwen2-5-72b, "claude-4.5-haiku" claude-haiku-4-5. #}
{% macro plain_model_name(name) -%}
    {% set text = replace_matches('lower(' ~ name ~ ')', '^.*/|:(free|beta|thinking|nitro|extended|online|floor|exacto|self-moderated|batch)$|-batch$|@default$', '') %}
    {# DeepSeek's models have its name in theirs: "deepseek.v3.2" is no v3-2. #}
    {% set text = replace_matches(text, '(^|[.])deepseek[.]', '\\1deepseek-') %}
    {% set text = replace_matches(text, '^((us|us-gov|eu|apac|jp|au|global|regional)[.])?((anthropic|meta|mistral|amazon|cohere|ai21|qwen|openai|moonshot|moonshotai|minimax|google|nvidia|writer|zai|xai)[.])?|-v[0-9]+:[0-9]+(:[0-9a-z]+)?$|_(low|medium|high|xhigh|max|none|minimal|unknown|thinking|[0-9]+k)$', '') %}
    {% set text = replace_matches(text, '[^a-z0-9]+', '-') %}
    {# Elsewhere "exp" is a stage of one model; this one was another than the V3.2 that came after it, at another price. #}
    {% set text = replace_matches(text, 'deepseek-v3-2-exp(-|$)', 'deepseek-v3-2-experimental\\1') %}
    {# Twice, because a word that is taken out takes the dash before the next one with it. #}
    {% set empty_words = '-(latest|preview|instruct|it|hf|beta|exp|versatile|maas|pre-release|webapp|web-app)(-|$)' %}
    {% set text = replace_matches(text, empty_words, '-') %}
    {% set text = replace_matches(text, empty_words, '-') %}
    {% set text = replace_matches(text, '^-*(databricks-)?|-+$', '') %}
    {% set text = replace_matches(text, '^(meta-(llama)|nvidia-(nemotron)|amazon-(nova)|openai-(gpt|o[0-9])|anthropic-(claude)|moonshotai-(kimi)|xai-(grok))', '\\2\\3\\4\\5\\6\\7\\8') %}
    {% set text = replace_matches(text, '([0-9])p([0-9])', '\\1-\\2') %}
    {% set text = replace_matches(text, '^(llama|gemma|starcoder|baichuan|mistral-large|code|phind-code)-?v?([0-9]|llama)', '\\1-\\2') %}
    {% set text = replace_matches(text, '^(llama-3|qwen2|qwen3|gpt-3)([1-5])-', '\\1-\\2-') %}
    {% set text = replace_matches(text, '^qwen-v?([0-9])-', 'qwen\\1-') %}
    {% set text = replace_matches(text, '^claude-([4-9](-[0-9])?)-(opus|sonnet|haiku|fable|mythos)', 'claude-\\3-\\1') %}
    {{- text -}}
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

{# Whether two versions are one: lists write a day with its year or without. #}
{% macro is_same_version(one, other) -%}
    ({{ one }} = {{ other }} or length({{ one }}) = 8 and right({{ one }}, 4) = {{ other }} or length({{ other }}) = 8 and right({{ other }}, 4) = {{ one }})
{%- endmacro %}

{# The model and version that a plain name stands for on a day: an alias knows the names that say something else. #}
{% macro resolved_model(plain_name, aliases='aliases') -%}
    coalesce({{ aliases }}.model_id, {{ model_of(plain_name) }}) as model_id,
    coalesce({{ aliases }}.model_version, {{ model_version_of(plain_name) }}) as model_version
{%- endmacro %}

{% macro join_model_aliases(plain_name, day, aliases='aliases') -%}
    left join {{ ref('model_aliases') }} as {{ aliases }}
        on
            {{ model_of(plain_name) }} = {{ aliases }}.alias
            and ({{ day }} >= {{ aliases }}.valid_from or {{ aliases }}.valid_from is null)
            and ({{ day }} < {{ aliases }}.valid_to or {{ aliases }}.valid_to is null)
{%- endmacro %}

{# Who ends a model for those who sell it from him, and who sells it under contracts of his own. #}
{% macro is_its_maker(provider_id, model_id) -%}
    ({{ provider_id }} in ('anthropic', 'openai', 'xai') or ({{ provider_id }} = 'google-cloud' and {{ model_id }} like 'gemini-%'))
{%- endmacro %}

{% macro sells_on_its_own_terms(provider_id) -%}
    {{ provider_id }} in ('aws', 'azure', 'databricks', 'google-cloud', 'oracle-cloud', 'snowflake')
{%- endmacro %}

{# What a price of tokens answered within a day adds to its channel: the same model at about half the price. #}
{% macro batch_of(listed_model) -%}
    case when {{ listed_model }} like '%:batch' or {{ listed_model }} like '%-batch' then ' batch' else '' end
{%- endmacro %}

{# What a model's name says it makes, 'text' where it says nothing else: names are all that price lists have in common. Models
   that see images or hear and answer in text are 'text'. #}
{% macro model_kind(name) -%}
    {% set kinds = {
        'classification': ['guard', 'moderation', 'content-safety', 'distilbert-sst', 'resnet', 'bert-large', 'dlrm', 'rgat'],
        'embedding': ['embed', 'bge-', 'voyage-', 'gte-large', 'gte-base', '-e5-'],
        'reranking': ['rerank'],
        'image': ['flux-1', 'flux1', 'flux-2', 'stable-diffusion', 'sdxl', 'dall-e', 'imagen', 'image', 'banana', 'seedream'],
        'video': ['-t2v', '-i2v', '-video', 'sora-', 'veo-'],
        'speech': ['whisper-', '-tts', 'transcri', 'realtime', 'gpt-audio', '-speech', 'rnn-t', 'eleven-', 'lyria'],
        'document reading': ['ocr'],
        'detection': ['mask-r-cnn', 'ssd', 'retinanet', 'u-net'],
    } -%}
    case
        {% for kind, words in kinds.items() -%}
            when {% for word in words %}{{ name }} like '%{{ word }}%'{{ ' or ' if not loop.last }}{% endfor %} then '{{ kind }}'
        {% endfor -%}
        else 'text'
    end
{%- endmacro %}

{# Whether an id names a model. OpenRouter's "~openai/gpt-latest" names whichever is newest: when it moves, no price changed. #}
{% macro names_a_model(model_id) -%}
    {{ model_id }} not like '~%' and {{ model_id }} not like '%/~%'
{%- endmacro %}
