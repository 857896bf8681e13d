-- A company of market.vendors has a row in at least one table, and a company with results is in market.vendors.
{{ config(meta={'dagster': {'ref': {'name': 'vendors'}}}) }}
with present as (
    {% for table, column in [
        ('vendor_quarters', 'vendor_id'), ('vendor_years', 'vendor_id'), ('company_financials', 'company_id'),
        ('capex_quarters', 'company_id'), ('chips', 'designer_id'), ('token_usage', 'organisation_id'),
        ('guidance', 'issuer_id'), ('user_counts', 'organisation_id'), ('lab_compute', 'organisation_id'), ('compute_spend', 'organisation_id'),
    ] -%}
        select {{ column }} as vendor_id from {{ ref(table) }}
        {% if not loop.last %}union{% endif %}
    {% endfor %}
)

select vendors.vendor_id
from {{ ref('vendors') }} as vendors
left join present on vendors.vendor_id = present.vendor_id
where present.vendor_id is null
union all
select distinct results.vendor_id
from {{ ref('vendor_quarters') }} as results
left join {{ ref('vendors') }} as vendors on results.vendor_id = vendors.vendor_id
where vendors.vendor_id is null
