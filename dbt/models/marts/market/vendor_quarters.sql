-- One figure per key: what was filed, else the gathered fact, unless the longer history gives the same figure with more
-- digits. A filed figure is known from the day of the gathered one if that says the same: results come before reports.
with keyed as (
    select
        *,
        -- Half a unit of the last digit given: 4,100 is known to 50, 4,126 to 0.5.
        case
            when value_usd_m % 100 = 0 then 50
            when value_usd_m % 10 = 0 then 5
            when value_usd_m % 1 = 0 then 0.5
            else 0.05
        end as rounding_usd_m
    from {{ ref('int_segment_quarters') }}
),

paired as (
    select
        keyed.*,
        first(value_usd_m) over of_fact as gathered_usd_m,
        first(rounding_usd_m) over of_fact as gathered_rounding_usd_m,
        first(reported_on) over of_fact as gathered_reported_on,
        first(reported_on_basis) over of_fact as gathered_reported_on_basis
    from keyed
    window of_fact as (
        partition by company_id, segment_id, metric, definition_version, fiscal_period
        order by source_rank = 0, source_rank
        rows between unbounded preceding and unbounded following
    )
),

compared as (
    select
        *,
        abs(value_usd_m - gathered_usd_m) <= gathered_rounding_usd_m as says_the_same
    from paired
),

chosen as (
    select
        *,
        case when says_the_same then gathered_reported_on else reported_on end as known_on,
        case when says_the_same then gathered_reported_on_basis else reported_on_basis end as known_on_basis
    from compared
    where source_rank < 2 or says_the_same
    qualify row_number() over (
        partition by company_id, segment_id, metric, definition_version, fiscal_period
        order by source_rank = 0 desc, rounding_usd_m asc, source_rank asc
    ) = 1
)

select
    chosen.company_id as vendor_id,
    chosen.segment_id,
    chosen.metric,
    chosen.definition_version,
    chosen.fiscal_period,
    -- Results come within 100 days of a quarter's end; a later first appearance is a recast of an older quarter.
    case
        when chosen.confidence <> 'estimate' and chosen.known_on > chosen.period_end + 100 then 'restated'
        else 'first'
    end as vintage,
    coalesce(chosen.period_start, calendar.period_start, chosen.period_end - 90) as period_start,
    chosen.period_end,
    {{ calendar_quarter(
        'coalesce(chosen.period_start, calendar.period_start, chosen.period_end - 90)', 'chosen.period_end'
    ) }} as calendar_quarter,
    chosen.value_usd_m,
    chosen.is_derived,
    {{ flagged_provenance('chosen') | replace('chosen.reported_on,', 'chosen.known_on as reported_on,')
        | replace('chosen.reported_on_basis,', 'chosen.known_on_basis as reported_on_basis,') }}
from chosen
left join {{ ref('int_fiscal_quarters') }} as calendar
    on chosen.company_id = calendar.company_id and chosen.fiscal_period = calendar.fiscal_period
