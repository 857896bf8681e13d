{# The segment, or the whole company, that a segment lies within. #}
{% macro part_of(rows) -%}
case
    when {{ rows }}.segment_id = 'total' then null
    when {{ rows }}.vendor_id = 'nvidia' and {{ rows }}.segment_id like 'data-center-%' then 'data-center'
    when {{ rows }}.vendor_id = 'microsoft' and {{ rows }}.segment_id = 'azure' then 'intelligent-cloud'
    when {{ rows }}.vendor_id = 'samsung' and {{ rows }}.segment_id = 'memory' then 'device-solutions'
    when {{ rows }}.vendor_id = 'broadcom' and {{ rows }}.segment_id = 'ai' then 'semiconductor'
    when {{ rows }}.vendor_id = 'dell' and {{ rows }}.segment_id = 'ai-servers' then 'infrastructure'
    else 'total'
end
{%- endmacro %}
