-- One figure per key: what was filed, else the gathered fact, unless the longer history gives the same figure with more
-- digits. A filed figure is known from the day of the gathered one if that says the same: results come before reports.
with keyed as (
    select
        *,
        {{ half_a_unit('value_usd_m') }} as rounding_usd_m
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
),

documents as (
    select *
    from {{ ref('int_read_results') }}
    where metric <> 'capex' and fiscal_period like 'FY____Q_'
),

-- What was read in a document confirms the gathered figure, in fewer digits perhaps, or stands in its place. A filing's
-- own XBRL needs no other document. A figure is known from the day on which the gathered tables have it, where they do,
-- unless that is the day of an estimate, or a bound or lag (of no recast) while the document has the day of the release;
-- a segment's quarter ends with the fiscal quarter, which the document says and the longer history gives by the calendar.
decided as (
    select
        coalesce(chosen.company_id, documents.company_id) as company_id,
        coalesce(chosen.segment_id, documents.segment_id) as segment_id,
        coalesce(chosen.metric, documents.metric) as metric,
        coalesce(chosen.definition_version, documents.definition_version) as definition_version,
        coalesce(chosen.fiscal_period, documents.fiscal_period) as fiscal_period,
        chosen.period_start,
        coalesce(documents.period_end, chosen.period_end) as period_end,
        {% set was_read = 'documents.company_id is not null and coalesce(chosen.source_rank, 1) > 0' -%}
        case
            when
                {{ was_read }} and not (
                    coalesce(abs(chosen.value_usd_m - documents.value_usd_m), 1e9)
                    <= greatest(chosen.rounding_usd_m, documents.rounding_usd_m)
                    and chosen.rounding_usd_m <= documents.rounding_usd_m
                )
                then documents.value_usd_m
            else chosen.value_usd_m
        end as value_usd_m,
        -- A Korean maker reports in won, and no rate is assumed; nothing else that was gathered has another unit.
        case when chosen.company_id is null then documents.reported_value end as reported_value,
        case when chosen.company_id is null then documents.reported_unit end as reported_unit,
        coalesce(chosen.is_derived, documents.is_derived) as is_derived,
        chosen.confidence = 'rounded' as was_rounded,
        case when {{ was_read }} then documents.is_rounded end as is_rounded_in_document,
        case when {{ was_read }} then documents.value_usd_m end as document_usd_m,
        {% set stated = "documents.company_id is not null and (chosen.confidence = 'estimate' or "
            "(chosen.known_on_basis in ('upper_bound', 'assumed_lag') and documents.reported_on_basis in ('release', 'filed') "
            "and documents.reported_on < chosen.known_on and chosen.known_on <= documents.period_end + 100))" -%}
        case when {{ stated }} then documents.reported_on else coalesce(chosen.known_on, documents.reported_on) end
            as reported_on,
        case
            when {{ stated }} then documents.reported_on_basis
            else coalesce(chosen.known_on_basis, documents.reported_on_basis)
        end as reported_on_basis,
        case when {{ was_read }} then documents.quoted_by end as quoted_by,
        case when {{ was_read }} then documents.read_how end as read_how,
        {% for column in ['source_id', 'source_row', 'source_url', 'source_citation', 'url_status', 'confidence', 'retrieved_at'] -%}
            case when {{ was_read }} then documents.{{ column }} else chosen.{{ column }} end as {{ column }}
            {%- if not loop.last %},{% endif %}
        {% endfor %}
    from chosen
    full outer join documents
        on
            chosen.company_id = documents.company_id
            and chosen.segment_id = documents.segment_id
            and chosen.metric = documents.metric
            and chosen.definition_version = documents.definition_version
            and chosen.fiscal_period = documents.fiscal_period
),

-- A quarter starts on the day after the one before it ended, where that one is known.
quarters as (
    select
        company_id,
        fiscal_period,
        min(period_end) as period_end,
        lag(min(period_end)) over (partition by company_id order by fiscal_period) as end_before
    from decided
    group by company_id, fiscal_period
)

select
    decided.company_id as vendor_id,
    decided.segment_id,
    decided.metric,
    decided.definition_version,
    decided.fiscal_period,
    -- Results come within 100 days of a quarter's end; a later first appearance is a recast of an older quarter.
    case
        when decided.confidence <> 'estimate' and decided.reported_on > decided.period_end + 100 then 'restated'
        else 'first'
    end as vintage,
    {% set start = 'coalesce(case when ' ~ days_between('quarters.end_before', 'quarters.period_end') ~ ' < 100 then quarters.end_before + 1 end, '
        'decided.period_start, calendar.period_start, ' ~ usual_start('quarters.period_end') ~ ')' -%}
    {{ start }} as period_start,
    quarters.period_end,
    {{ calendar_quarter(start, 'quarters.period_end') }} as calendar_quarter,
    decided.value_usd_m,
    coalesce(decided.reported_value, decided.value_usd_m) as reported_value,
    coalesce(decided.reported_unit, 'USD million') as reported_unit,
    decided.is_derived or decided.confidence = 'derived' as is_derived,
    {{ document_title('companies.company_name', "'results of ' || decided.fiscal_period", 'decided') }} as document_title,
    decided.quoted_by,
    decided.read_how,
    -- A figure is rounded if the page that is cited prints it so, however it was gathered.
    coalesce(
        case
            when decided.read_how is null then decided.was_rounded
            when decided.value_usd_m is not distinct from decided.document_usd_m then decided.is_rounded_in_document
            else decided.was_rounded and decided.value_usd_m % 10 = 0
        end,
        false
    ) as is_rounded,
    {{ flagged_provenance('decided') | replace("decided.confidence = 'rounded' as is_rounded,", '') }}
from decided
inner join {{ ref('companies') }} as companies on decided.company_id = companies.company_id
inner join quarters on decided.company_id = quarters.company_id and decided.fiscal_period = quarters.fiscal_period
left join {{ ref('int_fiscal_quarters') }} as calendar
    on decided.company_id = calendar.company_id and decided.fiscal_period = calendar.fiscal_period
