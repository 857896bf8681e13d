{#- Each is the best result at a speed or faster. On a thin envelope that may be far faster than the other's, and then the
    two say what a speed costs, not what the chip does: they are compared where a quarter at most lies between. -#}
{% macro at_one_speed(left, right) -%}
    abs(ln({{ left }} / {{ right }})) <= ln(1.25)
{%- endmacro %}
