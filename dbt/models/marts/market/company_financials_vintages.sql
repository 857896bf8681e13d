-- Whole companies by quarter: operating cash flow, depreciation and operating income as filed, and what else is held of them.
-- Revenue in dollars is in market.vendor_quarters, capital expenditure of the five that build data centres in
-- market.capex_quarters; NVIDIA's, which is none of them, is here. TSMC reports in New Taiwan dollars, and nothing is
-- converted; a cloud's power is in MW.
with filed as (
    select
        company_id,
        metric,
        vintage,
        period_start,
        period_end,
        value_usd_m as value,
        'USD million' as unit,
        is_derived,
        1 as source_rank,
        'xbrl_facts' as source_id,
        source_row,
        source_url,
        source_citation,
        case when source_url is null then 'not_recorded' else 'recorded' end as url_status,
        filed_on as reported_on,
        'filed' as reported_on_basis,
        'quoted' as confidence,
        retrieved_at
    from {{ ref('int_xbrl_quarters') }}
    where metric <> 'capex_cash'
),

gathered as (
    select
        quarterly.company_id,
        quarterly.metric,
        vintages.vintage,
        null::date as period_start,
        quarterly.period_end,
        quarterly.value_usd_m as value,
        'USD million' as unit,
        false as is_derived,
        2 as source_rank,
        {{ carried_provenance('quarterly') }}
    from {{ ref('stg_curated_company_quarterly') }} as quarterly
    cross join (values ('first'), ('latest')) as vintages (vintage)
    where quarterly.metric = 'operating_cash_flow' or (quarterly.metric = 'capex_cash' and quarterly.company_id = 'nvidia')
),

as_read as (
    select
        results.company_id,
        case results.metric when 'capex' then 'capex_' || results.definition_version else results.metric end as metric,
        vintages.vintage,
        null::date as period_start,
        results.period_end,
        results.value,
        results.unit,
        false as is_derived,
        2 as source_rank,
        {{ carried_provenance('results') }}
    from {{ ref('stg_read_results') }} as results
    inner join {{ ref('companies') }} as companies on results.company_id = companies.company_id
    cross join (values ('first'), ('latest')) as vintages (vintage)
    where results.unit in ('TWD million', 'MW') or (results.metric = 'capex' and companies.kind <> 'hyperscaler')
    qualify row_number() over (
        partition by results.company_id, results.metric, results.definition_version, vintages.vintage, results.period_end
        order by {{ document_rank() }}, results.reported_on, results.source_url
    ) = 1
),

every_row as (
    select * from filed
    union all
    select * from gathered
    union all
    select * from as_read
)

select
    every_row.company_id,
    every_row.metric,
    every_row.vintage,
    coalesce(every_row.period_start, {{ usual_start('every_row.period_end') }}) as period_start,
    every_row.period_end,
    {{ quarter_of('every_row.period_end - 45') }} as calendar_quarter,
    every_row.value,
    every_row.unit,
    every_row.is_derived,
    {{ carried_provenance('every_row') }}
from every_row
qualify row_number() over (
    partition by every_row.company_id, every_row.metric, every_row.vintage, every_row.period_end order by every_row.source_rank
) = 1
