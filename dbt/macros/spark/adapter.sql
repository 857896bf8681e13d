{# What dbt-spark needs to run this project as it stands: where sources lie, a type's name, seeds, keys that are checked. #}

{# A source is a Parquet file of the state folder. dbt-duckdb reads its place from the source's own settings; to Spark
   it is told here. #}
{% macro source(source_name, table_name) -%}
    {% set relation = builtins.source(source_name, table_name) %}
    {% if target.type == 'spark' and execute %}
        {% set settings = graph.sources['source.' ~ project_name ~ '.' ~ source_name ~ '.' ~ table_name].config %}
        {% set place = settings.external_location.format(name=table_name) %}
        {% set relation = api.Relation.create(schema='parquet', identifier=place, quote_policy={'identifier': true}) %}
    {% endif %}
    {{ return(relation) }}
{%- endmacro %}

{# Spark's VARCHAR needs a length. #}
{% macro spark__cast(field, type) -%}
    cast({{ field }} as {{ 'string' if type == 'varchar' else type }})
{%- endmacro %}

{# Parquet tables know no constraints: after the build, one query counts the rows that break them. #}
{% macro spark__persist_constraints(relation, model) -%}
    {% set key = model.constraints | selectattr('type', 'eq', 'primary_key') | map(attribute='columns') | sum(start=[]) %}
    {% set filled = (model.columns.values() | selectattr('constraints') | map(attribute='name') | list + key) | unique | list %}
    {% set distinct_keys = 'count(distinct struct(' ~ key | join(', ') ~ '))' if key else 'count(*)' %}
    {% set filled_rows = 'count(' ~ filled | join(', ') ~ ')' if filled else 'count(*)' %}
    {% set query = 'select count(*) - ' ~ distinct_keys ~ ', count(*) - ' ~ filled_rows ~ ' from ' ~ relation %}
    {% set doubled, with_gaps = run_query(query).rows[0].values() %}
    {% if doubled or with_gaps %}
        {{ exceptions.raise_compiler_error(
            relation ~ ': ' ~ doubled ~ ' rows repeat the key ' ~ key | join(', ') ~ ', ' ~ with_gaps
            ~ ' lack a column that must be filled'
        ) }}
    {% endif %}
{%- endmacro %}

{# dbt-spark writes the rows of a seed without escaping quotes, and a blank as the word None. #}
{% macro spark__load_csv_rows(model, agate_table) -%}
    {% set types = model.config.column_types %}
    {% set rows = [] %}
    {% for row in agate_table.rows %}
        {% set cells = [] %}
        {% for name in agate_table.column_names %}
            {% set text = (row[name] | string).replace('\\', '\\\\').replace("'", "\\'") %}
            {% set type = types.get(name, adapter.convert_type(agate_table, loop.index0)) %}
            {% do cells.append('null' if row[name] is none else "cast('" ~ text ~ "' as " ~ type ~ ')') %}
        {% endfor %}
        {% do rows.append('(' ~ cells | join(', ') ~ ')') %}
    {% endfor %}
    {% set sql = 'insert into ' ~ this ~ ' values ' ~ rows | join(', ') %}
    {% do adapter.add_query(sql, abridge_sql_log=True) %}
    {{ return(sql) }}
{%- endmacro %}
