-- Of the documents that give a quarter's figure, the one nearest to the issuer, and of those the one with most digits.
-- Gross profit is the margin, as a document states it, of the revenue that a document states.
with documents as (
    select
        *,
        {{ half_a_unit('value') }} as rounding_usd_m,
        case
            when source_kind in ('issuer', 'sec', 'maker') then 1
            when source_kind = 'wire' then 2
            when read_how = 'opened' then 3
            else 4
        end as document_rank
    from {{ ref('stg_read_results') }}
    where company_id is not null
),

chosen as (
    select *
    from documents
    qualify row_number() over (
        partition by company_id, segment_id, metric, definition_version, fiscal_period
        order by document_rank asc, rounding_usd_m asc, source_url asc
    ) = 1
)

select
    chosen.company_id,
    chosen.segment_id,
    case when chosen.unit = 'percent' then 'gross_profit' else chosen.metric end as metric,
    chosen.definition_version,
    chosen.fiscal_period,
    chosen.period_end,
    case when chosen.unit = 'percent' then chosen.value / 100 * revenue.value else chosen.value end as value_usd_m,
    chosen.rounding_usd_m,
    chosen.unit = 'percent' as is_derived,
    chosen.quoted_by,
    chosen.read_how,
    {{ carried_provenance('chosen')
        | replace('chosen.source_row', "case when chosen.unit = 'percent' then " ~ both_rows('chosen', 'revenue')
            ~ " else chosen.source_row end as source_row")
        | replace('chosen.confidence', "case when chosen.unit = 'percent' then 'derived' else chosen.confidence end as confidence") }}
from chosen
left join chosen as revenue
    on
        chosen.company_id = revenue.company_id
        and chosen.segment_id = revenue.segment_id
        and chosen.fiscal_period = revenue.fiscal_period
        and revenue.metric = 'revenue'
where chosen.unit = 'USD million' or revenue.value is not null
