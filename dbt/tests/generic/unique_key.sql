{# The primary key of a table in which a part of the key can be missing: there a missing value counts as a value, which
   SQL's own keys do not allow. #}
{% test unique_key(model, columns) %}
select
    {{ columns | join(', ') }},
    count(*) as rows_with_this_key
from {{ model }}
group by {{ columns | join(', ') }}
having count(*) > 1
{% endtest %}
