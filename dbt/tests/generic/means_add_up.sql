{# Means add where medians need not: in every scenario and period the mean of the whole is the sum of its parts' means. A
   quarter that some parts have reported has no means of theirs; it is left out. #}
{% test means_add_up(model, target, whole, parts) %}
select
    scenario_id,
    period_kind,
    target_period,
    sum(value) filter (where entity_id in ('{{ parts | join("', '") }}')) as sum_of_parts,
    sum(value) filter (where entity_id = '{{ whole }}') as whole
from {{ model }}
where
    output_type = 'mean' and target_id = '{{ target }}' and entity_id in ('{{ ([whole] + parts) | join("', '") }}')
    and (is_recommended or scenario_id <> 'base')
group by all
having count(*) = {{ parts | length + 1 }} and not abs(sum_of_parts / whole - 1) <= 1e-9
{% endtest %}
