-- The newest year's depreciation of each filer, beside the life over which it writes off servers. Of property where that is
-- stated: the line of the cash flow also holds leases and what was bought with companies.
with facts as (
    select
        company_id,
        definition_version,
        fiscal_period,
        period_end,
        value
    from {{ ref('stg_read_results') }}
    where metric = 'depreciation' and segment_id = 'total' and unit = 'USD million' and company_id is not null
    qualify row_number() over (
        partition by company_id, definition_version, fiscal_period
        order by {{ document_rank() }}, reported_on, source_url
    ) = 1
),

years as (
    select
        company_id,
        definition_version,
        period_end,
        value
    from facts
    where fiscal_period like 'FY____'
    union all
    select
        company_id,
        definition_version,
        period_end,
        sum(value) over four_quarters
    from facts
    where fiscal_period like 'FY____Q_'
    window
        four_quarters as (
            partition by company_id, definition_version
            order by period_end range between interval 300 day preceding and current row
        )
    qualify count(*) over four_quarters = 4
),

newest as (
    select *
    from years
    qualify row_number() over (
        partition by company_id order by definition_version like 'property%' desc, period_end desc, value asc
    ) = 1
),

lives as (
    select
        issuer_id,
        (life_years_low + life_years_high) / 2 as book_life_years
    from {{ ref('asset_lives') }}
    where asset_class in ('servers', 'servers and network equipment', 'technology equipment') and life_years_low > 0
    qualify row_number() over (partition by issuer_id order by effective_from desc, asset_class asc) = 1
)

select
    newest.company_id as issuer_id,
    newest.definition_version as depreciation_definition,
    newest.period_end as year_to,
    newest.value as depreciation_usd_m,
    lives.book_life_years
from newest
inner join lives on newest.company_id = lives.issuer_id
