-- A company of market.vendors has a figure in some table.
{{ config(meta={'dagster': {'ref': {'name': 'vendors'}}}) }}
{% set tables = {
    'vendor_quarters_vintages': 'vendor_id', 'capex_quarters_vintages': 'company_id', 'company_financials': 'company_id', 'chips': 'designer_id',
    'token_usage': 'organisation_id', 'national_token_usage': 'organisation_id', 'user_counts': 'organisation_id', 'compute_spend': 'organisation_id',
    'lab_compute': 'organisation_id', 'run_rates': 'issuer_id', 'commitments': 'issuer_id', 'guidance': 'issuer_id',
    'monthly_revenue': 'vendor_id', 'rental_prices_by_terms': 'provider_id', 'token_prices': 'provider_id',
    'chip_owners_vintages': 'owner_id',
} -%}
select vendors.vendor_id
from {{ ref('vendors') }} as vendors
where
    (select as_of from {{ ref('stg_run_context') }}) >= date '2026-09-24'
    {% for table, column in tables.items() -%}
        and vendors.vendor_id not in (select {{ column }} from {{ ref(table) }} where {{ column }} is not null)
    {% endfor %}
