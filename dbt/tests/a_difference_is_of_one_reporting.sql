-- Both filings of a difference are of the same year's reporting: a restated year less nine months never restated mixes two definitions.
{{ config(meta={'dagster': {'ref': {'name': 'int_xbrl_quarters'}}}) }}
select
    quarters.company_id,
    quarters.metric,
    quarters.vintage,
    quarters.period_end,
    quarters.value_usd_m,
    whole.filed_on as whole_filed_on,
    part.filed_on as part_filed_on
from {{ ref('int_xbrl_quarters') }} as quarters
inner join {{ ref('stg_xbrl_facts') }} as whole on split_part(quarters.source_row, chr(10), 1) = whole.source_row
inner join {{ ref('stg_xbrl_facts') }} as part on split_part(quarters.source_row, chr(10), 2) = part.source_row
where quarters.is_derived and {{ days_between('part.filed_on', 'whole.filed_on') }} > 200
