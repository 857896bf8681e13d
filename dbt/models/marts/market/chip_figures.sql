-- Every source's figure, so that what they say differently stays visible; market.chips shows the one that comes first.
select
    figures.chip_id,
    figures.figure,
    figures.chip_name as name_in_source,
    figures.value as figure_value,
    figures.on_day,
    figures.basis as basis_of_figure,
    figures.remark,
    row_number() over (partition by figures.chip_id, figures.figure order by figures.rank, figures.chip_name) = 1 as is_first,
    {{ carried_provenance('figures') }}
from {{ ref('int_chip_figures') }} as figures
