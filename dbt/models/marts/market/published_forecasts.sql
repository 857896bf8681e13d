select
    publisher,
    quantity,
    definition,
    target_period,
    value_low,
    value,
    value_high,
    unit,
    qualifier,
    {{ document_title('publisher', 'quantity', 'figures', written='document_title') }} as document_title,
    quoted_by,
    read_how,
    {{ carried_provenance('figures') }}
from {{ ref('stg_published_figures') }} as figures
