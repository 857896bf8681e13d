{# Models are made in place, in one transaction. dbt's own way (make it under another name, rename twice, drop) asks the
   catalogue some ten times for each, and nobody reads the warehouse during a build. #}
{% materialization table, adapter='duckdb' %}
    {{ return(made_in_place('table', create_table_as(false, this, compiled_code))) }}
{% endmaterialization %}

{% materialization view, adapter='duckdb' %}
    {{ return(made_in_place('view', create_view_as(this, compiled_code))) }}
{% endmaterialization %}

{% macro made_in_place(kind, create) %}
    {% set existing = load_cached_relation(this) %}
    {% call statement('main') %}
        {% if existing %} drop {{ existing.type }} {{ existing }}; {% endif %}
        {{ create }}
    {% endcall %}
    {% do adapter.commit() %}
    {{ return({'relations': [this.incorporate(type=kind)]}) }}
{% endmacro %}

{# Whether a query gives the columns that its contract declares; dbt's own macro, which calls two others for every column,
   says what differs where they do. #}
{% macro duckdb__get_assert_columns_equivalent(sql) %}
    {% set declared = [] %}
    {% for column in model['columns'].values() %}
        {% do declared.append('null::' ~ column.data_type ~ ' as ' ~ adapter.quote(column.name)) %}
    {% endfor %}
    {% set wanted = adapter.get_column_schema_from_query('select ' ~ declared | join(', ')) | sort(attribute='name') %}
    {% if adapter.get_column_schema_from_query(sql) | sort(attribute='name') != wanted %}
        {{ assert_columns_equivalent(sql) }}
    {% endif %}
{% endmacro %}
