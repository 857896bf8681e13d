{# Where DuckDB and Spark say the same thing in different words; everything else in the models is SQL of both. #}

{# Whole days from one date to another. #}
{% macro days_between(first_day, last_day) -%}
    {{ adapter.dispatch('days_between')(first_day, last_day) }}
{%- endmacro %}

{% macro duckdb__days_between(first_day, last_day) -%}
    ({{ last_day }} - {{ first_day }})
{%- endmacro %}

{% macro spark__days_between(first_day, last_day) -%}
    date_diff({{ last_day }}, {{ first_day }})::bigint
{%- endmacro %}

{# A text with every match of a regular expression replaced. #}
{% macro replace_matches(text, pattern, replacement) -%}
    {{ adapter.dispatch('replace_matches')(text, pattern, replacement) }}
{%- endmacro %}

{% macro duckdb__replace_matches(text, pattern, replacement) -%}
    regexp_replace({{ text }}, '{{ pattern }}', '{{ replacement }}', 'g')
{%- endmacro %}

{% macro spark__replace_matches(text, pattern, replacement) -%}
    {# DuckDB writes a group of the pattern as a backslash and its number, Spark as a dollar sign and its number. #}
    regexp_replace({{ text }}, '{{ pattern }}', '{{ replacement | replace("\\", "$") }}')
{%- endmacro %}

{# Columns as fields of one struct. #}
{% macro struct_of(columns) -%}
    {{ adapter.dispatch('struct_of')(columns) }}
{%- endmacro %}

{% macro duckdb__struct_of(columns) -%}
    struct_pack({% for column in columns %}{{ column }} := {{ column }}{{ ', ' if not loop.last }}{% endfor %})
{%- endmacro %}

{% macro spark__struct_of(columns) -%}
    struct({{ columns | join(', ') }})
{%- endmacro %}

{# Several values to rank by, as one. #}
{% macro ranked_by(values) -%}
    {{ adapter.dispatch('ranked_by')(values) }}
{%- endmacro %}

{% macro duckdb__ranked_by(values) -%} row({{ values | join(', ') }}) {%- endmacro %}

{% macro spark__ranked_by(values) -%} struct({{ values | join(', ') }}) {%- endmacro %}

{# The tables of schema market that are there, with their rows: schema_name, table_name, row_count. #}
{% macro market_row_counts() -%}
    {{ adapter.dispatch('market_row_counts')() }}
{%- endmacro %}

{% macro duckdb__market_row_counts() -%}
    (
        select
            schema_name,
            table_name,
            estimated_size::bigint as row_count
        from duckdb_tables()
        where schema_name = 'market' and not table_name like '%\_\_dbt\_%' escape '\'
    )
{%- endmacro %}

{% macro spark__market_row_counts() -%}
    {% set nodes = graph.nodes.values() if execute else [] -%}
    (
        {% for name in nodes | selectattr('schema', 'eq', 'market') | map(attribute='name') -%}
            select 'market' as schema_name, '{{ name }}' as table_name, count(*) as row_count from market.{{ name }}
            {% if not loop.last %}union all{% endif %}
        {% endfor %}
    )
{%- endmacro %}

{# Every column of a relation but the named ones. #}
{% macro all_but(relation, columns) -%}
    {{ adapter.dispatch('all_but')(relation, columns) }}
{%- endmacro %}

{% macro duckdb__all_but(relation, columns) -%}
    {{ relation }}.* exclude ({{ columns | join(', ') }})
{%- endmacro %}

{% macro spark__all_but(relation, columns) -%}
    {{ relation }}.* except ({{ columns | join(', ') }})
{%- endmacro %}

{# An aggregate whose last digits depend on the order of its values (sum, avg, stddev of doubles), taken from the smallest
   value to the largest, so that two builds of the same rows agree to the last digit. Spark's may differ there. #}
{% macro in_order(aggregate, value) -%}
    {{ adapter.dispatch('in_order')(aggregate, value) }}
{%- endmacro %}

{% macro duckdb__in_order(aggregate, value) -%}
    {{ aggregate }}({{ value }} order by {{ value }})
{%- endmacro %}

{% macro spark__in_order(aggregate, value) -%}
    {{ aggregate }}({{ value }})
{%- endmacro %}

{# The three names of a group that are most like a given one, as one text; for people, not for joins. Of names that are
   equally like it, the last in the alphabet comes first. #}
{% macro three_nearest(names, name) -%}
    {{ adapter.dispatch('three_nearest')(names, 'jaro_winkler_similarity(lower(' ~ name ~ '), lower(' ~ names ~ '))') }}
{%- endmacro %}

{% macro duckdb__three_nearest(names, likeness) -%}
    array_to_string(arg_max({{ names }}, row({{ likeness }}, {{ names }}), 3), ', ')
{%- endmacro %}

{% macro spark__three_nearest(names, likeness) -%}
    array_join(max_by({{ names }}, struct({{ likeness }}, {{ names }}), 3), ', ')
{%- endmacro %}

{# The distinct texts of a group in alphabetical order, joined by commas; NULL is left out. #}
{% macro joined(texts) -%}
    {{ adapter.dispatch('joined')(texts) }}
{%- endmacro %}

{% macro duckdb__joined(texts) -%}
    array_to_string(list_sort(list(distinct {{ texts }}) filter ({{ texts }} is not null)), ', ')
{%- endmacro %}

{% macro spark__joined(texts) -%}
    nullif(array_join(sort_array(collect_set({{ texts }})), ', '), '')
{%- endmacro %}
