-- The newest figure of every series that a headline rests on, with the document in which it was read.
with figures as (
    select
        'result' as kind,
        vendor_id || ' ' || segment_id || ' ' || metric || ', ' || definition_version as headline,
        fiscal_period as period,
        period_end as dated,
        value_usd_m as value,
        'USD million' as unit,
        document_title,
        quoted_by,
        read_how,
        {{ carried_provenance('vendor_quarters') }}
    from {{ ref('vendor_quarters_vintages') }} as vendor_quarters
    where metric = 'revenue' and vintage = 'first'
    union all
    select
        'capital expenditure',
        company_id || ' ' || basis,
        fiscal_period,
        period_end,
        capex_usd_m,
        'USD million',
        document_title,
        quoted_by,
        read_how,
        {{ carried_provenance('capex_quarters') }}
    from {{ ref('capex_quarters_vintages') }} as capex_quarters
    where vintage = 'first'
    union all
    select
        'guidance',
        issuer_id || ' ' || metric || ' ' || segment_id || ', ' || basis,
        target_period,
        issued_on,
        mid_usd_m,
        'USD million',
        document_title,
        quoted_by,
        read_how,
        {{ carried_provenance('guidance') }}
    from {{ ref('guidance') }} as guidance
    where given_as <> 'preannounced_result'
    union all
    select
        'commitment',
        issuer_id || ' ' || kind || ' of ' || scope || ', ' || definition,
        as_of::string,
        as_of,
        value_usd_m,
        'USD million',
        source_citation,
        quoted_by,
        read_how,
        {{ carried_provenance('commitments') }}
    from {{ ref('commitments') }} as commitments
    where part = 'whole'
    union all
    select
        'useful life',
        issuer_id || ' ' || asset_class,
        'from ' || effective_from::string,
        effective_from,
        life_years_high,
        'years',
        source_citation,
        quoted_by,
        read_how,
        {{ carried_provenance('asset_lives') }}
    from {{ ref('asset_lives') }} as asset_lives
    where life_years_high is not null
    union all
    select
        'run rate',
        issuer_id || ' ' || scope,
        as_of::string,
        as_of,
        usd_m_per_year,
        'USD million a year',
        source_citation,
        quoted_by,
        read_how,
        {{ carried_provenance('run_rates') }}
    from {{ ref('run_rates') }} as run_rates
)

select
    kind,
    headline,
    period,
    value,
    unit,
    document_title,
    quoted_by,
    read_how,
    {{ carried_provenance('figures') }}
from figures
qualify row_number() over (partition by kind, headline order by dated desc, period desc) = 1
