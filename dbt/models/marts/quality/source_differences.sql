-- The same fact from two sources where they differ by more than the tolerance of its kind. A vendor's figure stands for all
-- that rounds to it: 3,549 and "3.5 billion" don't differ.
with revenue as (
    select
        'vendor revenue' as fact_kind,
        gathered.company_id || ' ' || gathered.segment_id || ' ' || gathered.metric || ' ' || gathered.definition_version
        || ' ' || gathered.fiscal_period as fact,
        'usd_m' as unit,
        gathered.source_id as source_a,
        gathered.value_usd_m as value_a,
        history.source_id as source_b,
        history.value_usd_m as value_b,
        0.01 as tolerance,
        abs(gathered.value_usd_m - history.value_usd_m)
        < {{ half_a_unit('gathered.value_usd_m') }} + {{ half_a_unit('history.value_usd_m') }} as agree
    from {{ ref('int_segment_quarters') }} as gathered
    inner join {{ ref('int_segment_quarters') }} as history
        on
            gathered.company_id = history.company_id
            and gathered.segment_id = history.segment_id
            and gathered.definition_version = history.definition_version
            and gathered.metric = history.metric
            and gathered.fiscal_period = history.fiscal_period
            and gathered.source_rank < history.source_rank
),

-- Figures of documents beside those of the gathered tables, and documents of one figure beside one another.
documents as (
    select
        'vendor revenue',
        gathered.company_id || ' ' || gathered.segment_id || ' ' || gathered.metric || ' ' || gathered.definition_version
        || ' ' || gathered.fiscal_period,
        'usd_m',
        gathered.source_id,
        gathered.value_usd_m,
        documents.source_id,
        documents.value_usd_m,
        0.01,
        abs(gathered.value_usd_m - documents.value_usd_m)
        < {{ half_a_unit('gathered.value_usd_m') }} + documents.rounding_usd_m
    from {{ ref('int_segment_quarters') }} as gathered
    inner join {{ ref('int_read_results') }} as documents
        on
            gathered.company_id = documents.company_id
            and gathered.segment_id = documents.segment_id
            and gathered.definition_version = documents.definition_version
            and gathered.metric = documents.metric
            and gathered.fiscal_period = documents.fiscal_period
    union all
    select
        'result in two documents',
        company_id || ' ' || segment_id || ' ' || metric || ' ' || definition_version || ' ' || fiscal_period,
        case any_value(unit)
            when 'percent' then 'percent' when 'KRW billion' then 'krw_bn' when 'TWD million' then 'twd_m' else 'usd_m'
        end,
        'read_results',
        min(value),
        'read_results',
        max(value),
        0.01,
        max(value - {{ half_a_unit_read() }}) < min(value + {{ half_a_unit_read() }})
    from {{ ref('stg_read_results') }}
    group by company_id, segment_id, metric, definition_version, fiscal_period
    union all
    select
        'guidance in two documents',
        company_id || ' ' || segment_id || ' ' || metric || ' ' || basis || ' ' || target_period || ' '
        || reported_on::string || ' ' || given_as,
        'usd_m',
        'read_guidance',
        min(mid_usd_m),
        'read_guidance',
        max(mid_usd_m),
        0.01,
        max(mid_usd_m - {{ half_a_unit('mid_usd_m') }}) < min(mid_usd_m + {{ half_a_unit('mid_usd_m') }})
    from {{ ref('stg_read_guidance') }}
    group by company_id, segment_id, metric, basis, target_period, reported_on, given_as
),

capex as (
    select
        'capital expenditure',
        filed.company_id || ' ' || filed.period_end::string,
        'usd_m',
        'xbrl_facts',
        filed.value_usd_m,
        gathered.source_id,
        gathered.value_usd_m,
        0.001,
        false
    from {{ ref('int_xbrl_quarters') }} as filed
    inner join {{ ref('stg_curated_company_quarterly') }} as gathered
        on
            filed.company_id = gathered.company_id
            and filed.period_end = gathered.period_end
            and gathered.metric = 'capex_cash'
    where
        filed.vintage = 'latest' and filed.metric = 'capex_cash'
        -- The gathered table takes nine months that were never restated from a year that was.
        and not (filed.company_id = 'meta' and filed.period_end in ('2020-12-31', '2022-12-31'))
    union all
    select
        'capital expenditure, first filed',
        filed.company_id || ' ' || filed.period_end::string,
        'usd_m',
        'xbrl_facts',
        filed.value_usd_m,
        first_filed.source_id,
        first_filed.capex_usd_m,
        0.001,
        false
    from {{ ref('int_xbrl_quarters') }} as filed
    inner join {{ ref('stg_capex_first_filed') }} as first_filed
        on filed.company_id = first_filed.company_id and filed.period_end = first_filed.period_end
    where filed.vintage = 'first' and filed.metric = 'capex_cash'
),

specs as (
    select
        'chip ' || one.figure,
        one.chip_id,
        case
            when one.figure like '%per_s' and one.figure not like '%gb_per_s' then 'op_per_s'
            when one.figure = 'tdp_w' then 'w'
            when one.figure = 'memory_gb' then 'gb'
            else 'gb_per_s'
        end,
        one.source_id,
        one.value,
        other.source_id,
        other.value,
        0.01,
        false
    from {{ ref('int_chip_figures') }} as one
    inner join {{ ref('int_chip_figures') }} as other
        on one.chip_id = other.chip_id and one.figure = other.figure and one.source_id < other.source_id
),

pairs as (
    select * from revenue
    union all
    select * from documents
    union all
    select * from capex
    union all
    select * from specs
)

select
    fact_kind,
    fact,
    unit,
    source_a,
    value_a,
    source_b,
    value_b,
    abs(value_a - value_b) / nullif(greatest(abs(value_a), abs(value_b)), 0) as relative_difference,
    tolerance::decimal(4, 3) as tolerance
from pairs
where not agree and abs(value_a - value_b) > tolerance * greatest(abs(value_a), abs(value_b))
