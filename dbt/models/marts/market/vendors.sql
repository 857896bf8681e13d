-- Companies that some published row known by then is about; reported_on is the first day that a fact speaks of them.
{% set tables = [
    ('vendor_quarters_vintages', 'vendor_id'), ('vendor_years', 'vendor_id'), ('company_financials_vintages', 'company_id'),
    ('capex_quarters_vintages', 'company_id'), ('guidance', 'issuer_id'), ('chips', 'designer_id'), ('token_usage', 'organisation_id'), ('national_token_usage', 'organisation_id'),
    ('user_counts', 'organisation_id'), ('lab_compute', 'organisation_id'), ('compute_spend', 'organisation_id'),
    ('commitments', 'issuer_id'), ('asset_lives', 'issuer_id'), ('monthly_revenue', 'vendor_id')
] -%}
with present as (
    {% for table, column in tables -%}
        select {{ column }} as company_id
        from {{ ref(table) }}
        {% if not loop.last %}union{% endif %}
    {% endfor %}
),

mentioned as (
    select
        aliases.company_id,
        results.reported_on
    from {{ ref('stg_curated_segment_results') }} as results
    inner join {{ ref('stg_company_aliases') }} as aliases on lower(results.company) = aliases.alias
    union all
    select
        company_id,
        reported_on
    from {{ ref('stg_read_results') }}
    union all
    select
        company_id,
        reported_on
    from {{ ref('stg_xbrl_facts') }}
    union all
    select
        aliases.company_id,
        specs.reported_on
    from {{ ref('int_chip_figures') }} as specs
    inner join {{ ref('stg_company_aliases') }} as aliases on lower(specs.manufacturer) = aliases.alias
    union all
    select
        aliases.company_id,
        tokens.reported_on
    from {{ ref('stg_curated_token_disclosures') }} as tokens
    inner join {{ ref('stg_company_aliases') }} as aliases on lower(tokens.organisation) = aliases.alias
    union all
    select
        aliases.company_id,
        reports.reported_on
    from {{ ref('stg_epoch_usage_reports') }} as reports
    inner join {{ ref('stg_company_aliases') }} as aliases on lower(reports.organisation) = aliases.alias
    union all
    select
        organisation_id,
        reported_on
    from {{ ref('stg_epoch_lab_compute') }}
    {% for facts in ['stg_read_results', 'stg_read_commitments', 'stg_read_asset_lives', 'stg_read_run_rates', 'stg_read_monthly_revenue'] -%}
        union all
        select
            company_id,
            reported_on
        from {{ ref(facts) }}
    {% endfor %}
)

select
    companies.company_id as vendor_id,
    companies.company_name as vendor_name,
    companies.kind as vendor_kind,
    companies.country,
    companies.fiscal_year_end_month::int as fiscal_year_end_month,
    companies.cik::string as cik,
    min(mentioned.reported_on) as reported_on
from {{ ref('companies') }} as companies
inner join mentioned using (company_id)
inner join present using (company_id)
group by all
