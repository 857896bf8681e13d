{% set answers = 'github.com/fbncldy/ai-infra-capex-dashboard' -%}
{% set in_answers = "every_row.source_id = 'xbrl_facts' and every_row.reported_on <= '2026-04-30'" -%}
{% set answers_file = "'https://" ~ answers ~ "/blob/821698f089a04f3421c2e0b07e3edfb510a423f6/data/raw/edgar/' || every_row.company_id || '_capex.json'" -%}
-- Cash capital expenditure from XBRL, as first filed and as filed last; older and newer quarters from the gathered
-- tables; and what companies themselves call capital expenditure, which is never mixed with it.
with filed as (
    select
        company_id,
        period_start,
        period_end,
        vintage,
        value_usd_m as capex_usd_m,
        is_derived,
        1 as source_rank,
        'xbrl_facts' as source_id,
        source_row,
        source_url,
        source_citation,
        case when source_url is null then 'not_recorded' else 'recorded' end as url_status,
        filed_on as reported_on,
        'filed' as reported_on_basis,
        'verified' as confidence,
        retrieved_at
    from {{ ref('int_xbrl_quarters') }}
    where metric = 'capex_cash' and company_id in ('alphabet', 'amazon', 'meta', 'microsoft', 'oracle')
),

history as (
    select
        first_filed.company_id,
        null::date as period_start,
        first_filed.period_end,
        vintages.vintage,
        first_filed.capex_usd_m,
        first_filed.derivation <> 'reported' as is_derived,
        2 as source_rank,
        {{ carried_provenance('first_filed') }}
    from {{ ref('stg_capex_first_filed') }} as first_filed
    cross join (values ('first'), ('latest')) as vintages (vintage)
),

gathered as (
    select
        quarterly.company_id,
        null::date as period_start,
        quarterly.period_end,
        vintages.vintage,
        quarterly.value_usd_m as capex_usd_m,
        false as is_derived,
        3 as source_rank,
        {{ carried_provenance('quarterly') }}
    from {{ ref('stg_curated_company_quarterly') }} as quarterly
    cross join (values ('first'), ('latest')) as vintages (vintage)
    where
        quarterly.metric = 'capex_cash'
        and quarterly.company_id in ('alphabet', 'amazon', 'meta', 'microsoft', 'oracle')
),

cash as (
    select
        *,
        'cash' as basis
    from (
        select * from filed
        union all
        select * from history
        union all
        select * from gathered
    ) as every_source
    qualify row_number() over (partition by company_id, period_end, vintage order by source_rank) = 1
),

stated as (
    select
        company_id,
        null::date as period_start,
        period_end,
        'first' as vintage,
        value_usd_m as capex_usd_m,
        false as is_derived,
        {{ carried_provenance('quarterly') }},
        'company_stated' as basis
    from {{ ref('stg_curated_company_quarterly') }} as quarterly
    where metric = 'capex_company_stated'
),

every_row as (
    select {{ all_but('cash', ['source_rank']) }} from cash
    union all
    select * from stated
),

-- A page that was opened and states the same figure stands beside the filing's numbers, as its address: of those that do,
-- the one nearest to the issuer. What was first filed and what was filed last may stand in two documents. Where none was
-- found, the copy of the SEC's answers stands there, which holds every fact filed by its day. A page's
-- own day stands where one was assumed.
read_documents as (
    select
        *,
        {{ half_a_unit_read() }} as rounding,
        {{ document_rank() }} as document_rank
    from {{ ref('stg_read_results') }}
    where metric = 'capex' and unit = 'USD million'
),

documented as (
    select
        {% set has_day = "every_row.reported_on_basis in ('upper_bound', 'assumed_lag') and documents.reported_on_basis in ('filed', 'release')" -%}
        {{ all_but('every_row', ['reported_on', 'reported_on_basis']) }},
        case when {{ has_day }} then documents.reported_on else every_row.reported_on end as reported_on,
        case when {{ has_day }} then documents.reported_on_basis else every_row.reported_on_basis end as reported_on_basis,
        documents.source_url is null and {{ in_answers }} as is_in_answers,
        documents.source_url as document_url,
        documents.quoted_by as document_quoted_by,
        documents.read_how as document_read_how,
        documents.confidence as document_confidence
    from every_row
    left join read_documents as documents
        on
            every_row.company_id = documents.company_id
            and every_row.period_end = documents.period_end
            and every_row.basis = documents.definition_version
            -- What was gathered may be the rounded one of the two; calls of 2024 gave whole billions. A quarter worked out
            -- of two rounded figures may be one off.
            and abs(every_row.capex_usd_m - documents.value) <= greatest(
                case when {{ in_answers }} then 0 else documents.rounding end,
                case
                    when every_row.source_id = 'xbrl_facts' and every_row.is_derived then 1
                    when every_row.source_id = 'xbrl_facts' then 0
                    when every_row.capex_usd_m % 1000 = 0 then 500
                    else {{ half_a_unit('every_row.capex_usd_m') }}
                end
            )
    qualify row_number() over (
        partition by every_row.company_id, every_row.period_end, every_row.basis, every_row.vintage
        order by documents.document_rank asc, documents.rounding asc, documents.source_url asc
    ) = 1
)

select
    every_row.company_id,
    coalesce(
        every_row.period_start,
        -- Of a quarter that ends with its month the month before it ends with its month, too.
        case
            when every_row.period_end = last_day(every_row.period_end)
                then last_day((every_row.period_end - interval 3 month)::date)
            else every_row.period_end - 91
        end + 1
    ) as period_start,
    every_row.period_end,
    {{ quarter_of('every_row.period_end - 45') }} as calendar_quarter,
    -- Moved so that its year ends in December, a fiscal quarter is a calendar quarter.
    'FY' || {{ quarter_of('every_row.period_end + interval 1 month * (12 - companies.fiscal_year_end_month::int)') }}
        as fiscal_period,
    every_row.basis,
    every_row.vintage,
    every_row.capex_usd_m,
    every_row.is_derived,
    -- A copied 10-Q is named by its own calendar quarter, which may be the one a year later.
    {% set copied_report = "case when every_row.document_url like '%/sec-10-q/%' then companies.company_name || ', 10-Q of calendar ' "
        "|| split_part(split_part(every_row.document_url, '/docs/', 2), '%20', 1) || split_part(every_row.document_url, '%20', 2) end" -%}
    {{ document_title(
        'companies.company_name',
        "case when every_row.source_id <> 'xbrl_facts' then 'results and call of ' "
        "when every_row.reported_on > every_row.period_end + 100 then 'later report with the cash flows of ' "
        "else 'report with the cash flows of ' end"
        ~ " || 'FY' || " ~ quarter_of('every_row.period_end + interval 1 month * (12 - companies.fiscal_year_end_month::int)'),
        'every_row', written=copied_report
    ) }} as document_title,
    case when every_row.is_in_answers then '{{ answers }}' else every_row.document_quoted_by end as quoted_by,
    case
        when every_row.is_in_answers then 'opened'
        when every_row.source_id = 'xbrl_facts' then coalesce(every_row.document_read_how, 'data')
        else every_row.document_read_how
    end as read_how,
    {{ flagged_provenance('every_row')
        | replace("every_row.confidence = 'rounded' as", "every_row.confidence = 'rounded' or every_row.basis = 'company_stated' and every_row.capex_usd_m % 100 = 0 as")
        | replace('every_row.source_url', 'case when every_row.is_in_answers then ' ~ answers_file ~ ' else coalesce(every_row.document_url, every_row.source_url) end as source_url')
        | replace('every_row.url_status', "case when every_row.document_url is null then every_row.url_status else 'recorded' end as url_status")
        | replace("then 'quoted' else", "or every_row.is_in_answers then 'quoted' when every_row.document_confidence <> 'verified' then every_row.document_confidence else") }}
from documented as every_row
inner join {{ ref('companies') }} as companies on every_row.company_id = companies.company_id
