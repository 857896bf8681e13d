-- Of the documents that give a quarter's figure, one that prints it to the million, so that who opens it finds the figure
-- itself; of those the one nearest to the issuer, and then the one with most digits.
-- Where only a margin is stated, gross profit is that part of the revenue that a document states; where only a segment's
-- share, its revenue is that part of the company's. Totals in New Taiwan dollars and power are in
-- market.company_financials.
with documents as (
    select
        {{ all_but('read', ['metric']) }},
        case metric when 'gross_margin' then 'gross_profit' when 'revenue_share' then 'revenue' else metric end as metric,
        case when metric = 'revenue_share' then 'total' else segment_id end as of_segment_id,
        {{ half_a_unit_read() }} as rounding,
        -- A page whose every figure of a kind above a billion ends in a zero prints billions with two decimals.
        case
            when unit = 'percent' then false
            when value < 1000 then value % 100 = 0
            else max(case when value >= 1000 then value % 10 end) over of_page = 0
        end as is_rounded,
        {{ document_rank() }} as document_rank
    from {{ ref('stg_read_results') }} as read
    where company_id is not null and unit not in ('TWD million', 'MW')
    window of_page as (partition by company_id, segment_id, metric, unit, source_url)
),

chosen as (
    select *
    from documents
    qualify row_number() over (
        partition by company_id, segment_id, metric, definition_version, fiscal_period
        order by unit = 'percent' asc, rounding > 0.5 asc, is_rounded asc, document_rank asc, rounding asc, source_url asc
    ) = 1
)

select
    chosen.company_id,
    chosen.segment_id,
    chosen.metric,
    chosen.definition_version,
    chosen.fiscal_period,
    chosen.period_end,
    case
        when chosen.unit = 'percent' then chosen.value / 100 * revenue.value
        when chosen.unit = 'USD million' then chosen.value
    end as value_usd_m,
    case when chosen.unit = 'percent' then chosen.value / 100 * revenue.value else chosen.value end as reported_value,
    case when chosen.unit = 'percent' then revenue.unit else chosen.unit end as reported_unit,
    case when chosen.unit = 'percent' then chosen.rounding / 100 * revenue.value else chosen.rounding end as rounding_usd_m,
    chosen.is_rounded,
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
        chosen.unit = 'percent'
        and chosen.company_id = revenue.company_id
        and chosen.of_segment_id = revenue.segment_id
        and chosen.fiscal_period = revenue.fiscal_period
        and revenue.metric = 'revenue'
        and revenue.unit <> 'percent'
where chosen.unit <> 'percent' or revenue.value is not null
