with issued as (
    select
        company_id,
        metric,
        target_period,
        low_usd_m,
        mid_usd_m,
        high_usd_m,
        growth_pct,
        issued_on,
        1 as source_rank,
        {{ carried_provenance('gathered') }}
    from {{ ref('stg_curated_guidance') }} as gathered
    union all
    select
        company_id,
        metric,
        target_period,
        null,
        mid_usd_m,
        null,
        null,
        issued_on,
        2,
        {{ carried_provenance('history') }}
    from {{ ref('stg_prototype_guidance') }} as history
),

-- The longer history gives only the last guide for a quarter: it fills quarters that have none.
chosen as (
    select *
    from issued
    qualify source_rank = min(source_rank) over (partition by company_id, metric, target_period)
),

ends as (
    select
        company_id,
        fiscal_period,
        period_end
    from {{ ref('int_fiscal_quarters') }}
)

select
    chosen.company_id as issuer_id,
    case chosen.metric
        when 'capex' then 'capex' when 'Azure growth, constant currency' then 'revenue_growth' else 'revenue'
    end as metric,
    case chosen.metric
        when 'AI semiconductor revenue' then 'ai' when 'Azure growth, constant currency' then 'azure' else 'total'
    end as segment_id,
    chosen.target_period,
    coalesce(
        ends.period_end,
        case when chosen.target_period like 'CY%' then make_date(substr(chosen.target_period, 3, 4)::int, 12, 31) end,
        -- The fiscal calendar stops at the last reported quarter; a guide is for the next, 13 weeks on.
        (
            select max(last.period_end) + 91
            from ends as last
            where last.company_id = chosen.company_id and last.period_end <= chosen.issued_on
        )
    ) as target_period_end,
    chosen.issued_on,
    chosen.low_usd_m,
    chosen.mid_usd_m,
    chosen.high_usd_m,
    chosen.growth_pct,
    {{ carried_provenance('chosen') }}
from chosen
left join ends on chosen.company_id = ends.company_id and chosen.target_period = ends.fiscal_period
