-- A period starts on the day after the one before it of the same issuer ended; a longer gap is a period that is not held.
{{ config(tags=['forecast_stage'], meta={'dagster': {'ref': {'name': 'chip_shipments_by_source'}}}) }}
{% set tables = {
    'capex_quarters_vintages': 'company_id', 'chip_owners_vintages': 'designer_id', 'chip_shipments_by_source': 'designer_id',
    'company_financials': 'company_id', 'vendor_quarters_vintages': 'vendor_id', 'vendor_years': 'vendor_id'
} -%}
with periods as (
    {% for table, issuer in tables.items() %}
        select distinct
            '{{ table }}' as table_name,
            {{ issuer }} as issuer,
            period_start,
            period_end
        from {{ ref(table) }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select
    later.table_name,
    later.issuer,
    earlier.period_end as ended,
    later.period_start as started,
    later.period_end
from periods as later
inner join periods as earlier
    on
        later.table_name = earlier.table_name
        and later.issuer = earlier.issuer
        and later.period_end > earlier.period_end
        and {{ days_between('earlier.period_end', 'later.period_start') }} between -30 and 30
where later.period_start <> earlier.period_end + 1
