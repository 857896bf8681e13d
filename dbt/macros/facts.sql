{# Rows that the public could know on the day the run pretends to live in (AS_OF), and that upstream had not yet
   changed or withdrawn by then. Every staging model reads through it. #}
{% macro known(source_table) -%}
    (
        select {{ all_but('facts', ['superseded_on']) }}
        from {{ source('raw', source_table) }} as facts
        where
            facts.reported_on <= (select as_of from {{ source('raw', 'run_context') }})
            and (
                facts.superseded_on is null
                or facts.superseded_on > (select as_of from {{ source('raw', 'run_context') }})
            )
    )
{%- endmacro %}

{# The name of the document that states a figure: as its reader wrote it, else whose it is, what it tells of and its day,
   where that is known. #}
{% macro document_title(issuer, subject, relation, written='null') -%}
    coalesce(
        {{ written }},
        {{ issuer }} || ', ' || {{ subject }}
        || case
            when {{ relation }}.reported_on_basis in ('filed', 'issued', 'release') then ', ' || {{ relation }}.reported_on::string
            else ''
        end
    )
{%- endmacro %}

{# The columns that every fact carries, as dates and words. #}
{% macro provenance(relation) -%}
    {{ relation }}.source_id,
    {{ relation }}.source_row,
    {{ relation }}.source_url,
    {{ relation }}.source_citation,
    case when {{ relation }}.source_url is null then 'not_recorded' else 'recorded' end as url_status,
    {{ relation }}.reported_on::date as reported_on,
    {{ relation }}.reported_on_basis,
    {{ relation }}.confidence,
    {{ relation }}.retrieved_at::date as retrieved_at
{%- endmacro %}

{# The same columns where a source says "rounded": that a figure was rounded says nothing of who read it, so it is a flag. #}
{% macro flagged_provenance(relation) -%}
    {{ relation }}.confidence = 'rounded' as is_rounded,
    {{ carried_provenance(relation) | replace(
        relation ~ '.confidence', "case when " ~ relation ~ ".confidence = 'rounded' then 'quoted' else " ~ relation
        ~ ".confidence end as confidence"
    ) }}
{%- endmacro %}

{# The same columns, already typed. #}
{% macro carried_provenance(relation) -%}
    {{ relation }}.source_id,
    {{ relation }}.source_row,
    {{ relation }}.source_url,
    {{ relation }}.source_citation,
    {{ relation }}.url_status,
    {{ relation }}.reported_on,
    {{ relation }}.reported_on_basis,
    {{ relation }}.confidence,
    {{ relation }}.retrieved_at
{%- endmacro %}

{# Both rows of a source, one a line, behind a figure that is worked out of two. #}
{% macro both_rows(one, other) -%} {{ one }}.source_row || chr(10) || {{ other }}.source_row {%- endmacro %}

{# Of the rows of a group that have a value, the value of the one that ranks first. #}
{% macro first_known(column, rank) -%}
    min_by({{ column }}, {{ rank }}) filter (where {{ column }} is not null)
{%- endmacro %}

{# A readable id from a name: "NVIDIA H200 SXM" becomes nvidia-h200-sxm. #}
{% macro slug(text) -%}
    trim(both '-' from {{ replace_matches('lower(' ~ text ~ ')', '[^a-z0-9]+', '-') }})
{%- endmacro %}

{# The calendar quarter that holds the middle of a period, such as 2026Q2. #}
{% macro calendar_quarter(period_start, period_end) -%}
    {{ quarter_of(period_start ~ ' + floor(' ~ days_between(period_start, period_end) ~ ' / 2)::int') }}
{%- endmacro %}

{# First day of a quarter of which only the last is known: of one that ends with its month the first of a month, else 13
   weeks before its end. #}
{% macro usual_start(period_end) -%}
    (case
        when {{ period_end }} = last_day({{ period_end }}) then last_day(({{ period_end }} - interval 3 month)::date)
        else {{ period_end }} - 91
    end + 1)
{%- endmacro %}

{# The calendar quarter of a date. #}
{% macro quarter_of(day) -%}
    year(({{ day }})::date)::string || 'Q' || quarter(({{ day }})::date)::string
{%- endmacro %}

{# H100 SXM: the denominators of H100-equivalents (NVIDIA H100 datasheet, dense). #}
{% macro h100_flops_16bit_per_s() -%} 989.5e12 {%- endmacro %}
{% macro h100_ops_8bit_per_s() -%} 1979e12 {%- endmacro %}
{% macro h100_memory_bandwidth_gb_per_s() -%} 3350.0 {%- endmacro %}

{# The provenance columns as fields of a struct, to be taken together from one row of a group. #}
{% macro struct_of_provenance() -%}
    {{ struct_of(
        ['source_id', 'source_row', 'source_url', 'source_citation', 'url_status', 'reported_on', 'reported_on_basis',
        'confidence', 'retrieved_at']
    ) }}
{%- endmacro %}

{# True for the newest vintage of a designer's estimates; older ones stay beside it, never to be added to it. #}
{% macro is_latest_vintage(prefix='') -%}
    {{ prefix }}estimate_vintage = max({{ prefix }}estimate_vintage) over (partition by {{ prefix }}designer_id)
{%- endmacro %}

{# Half a unit of the last digit that a figure is given with: 4,100 is known to 50, 4,126 to 0.5. #}
{% macro half_a_unit(figure) -%}
    case
        when {{ figure }} % 100 = 0 then 50
        when {{ figure }} % 10 = 0 then 5
        when {{ figure }} % 1 = 0 then 0.5
        else 0.05
    end
{%- endmacro %}

{# Half a unit of the last digit of a figure read in a document, which may be a percentage. #}
{% macro half_a_unit_read() -%}
    case
        when unit <> 'percent' then {{ half_a_unit('value') }}
        when value = round(value) then 0.5
        when value = round(value, 1) then 0.05
        else 0.005
    end
{%- endmacro %}

{# How near to the issuer a document was read: its own page or filing, a copy of the release, another page, a note. #}
{% macro document_rank() -%}
    case
        when source_kind in ('issuer', 'sec', 'maker') then 1
        when source_kind = 'wire' then 2
        when read_how = 'opened' then 3
        else 4
    end
{%- endmacro %}
