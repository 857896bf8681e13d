-- How dear a GPU-hour has become, by month: the mean of the log price changes of the providers quoted both in the month
-- and in the one it is linked to, chained. The panel of providers changes all the time, so a level compares unlike
-- panels; most list prices stand still from month to month, so a median of changes stands still too; and to compare
-- a provider with its last quote however old dates a fall to the month in which it was read again. All three stand beside the
-- index. Judged month by month and chip by chip: at least three providers, and 60% of those quoted in any of the last
-- six months; linked to the newest earlier month that passes and has three providers in common with it. What can't be
-- linked so to the chain that leads to the newest month has no value.
with recursive quotes as (
    select
        period_start,
        chip_id,
        provider_id,
        usd_per_chip_hour
    from {{ ref('rental_rate_cards') }}
),

-- Every month from a chip's first quote to its last, with those in which nobody was read.
months as (
    select
        chip_id,
        min(period_start) as period_start,
        max(period_start) as last_month
    from quotes
    group by chip_id
    union all
    select
        chip_id,
        (period_start + interval '1' month)::date,
        last_month
    from months
    where period_start < last_month
),

-- The panel of a month: every provider quoted in it or in one of the five months before.
counted as (
    select
        months.chip_id,
        months.period_start,
        count(distinct quotes.provider_id) as panel_providers,
        count(distinct case when quotes.period_start = months.period_start then quotes.provider_id end) as providers,
        {{ joined('case when quotes.period_start = months.period_start then quotes.provider_id end') }} as provider_ids,
        median(case when quotes.period_start = months.period_start then quotes.usd_per_chip_hour end) as usd_per_chip_hour_median
    from months
    left join quotes
        on
            months.chip_id = quotes.chip_id
            and months.period_start >= quotes.period_start
            and months.period_start - interval '6' month < quotes.period_start
    group by months.chip_id, months.period_start
),

judged as (
    select
        *,
        providers >= 3 and providers >= 0.6 * panel_providers as is_enough
    from counted
),

pairs as (
    select
        now.chip_id,
        now.period_start,
        before.period_start as linked_to,
        count(*) as matched_providers,
        avg(ln(now.usd_per_chip_hour / before.usd_per_chip_hour)) as mean_log_change,
        median(ln(now.usd_per_chip_hour / before.usd_per_chip_hour)) as median_log_change,
        row_number() over (partition by now.chip_id, now.period_start order by before.period_start desc) as nearness
    from quotes as now
    inner join judged as is_now on now.chip_id = is_now.chip_id and now.period_start = is_now.period_start
    inner join quotes as before on now.chip_id = before.chip_id and now.provider_id = before.provider_id
    inner join judged as is_before
        on before.chip_id = is_before.chip_id and before.period_start = is_before.period_start
    where before.period_start < now.period_start and is_now.is_enough and is_before.is_enough
    group by now.chip_id, now.period_start, before.period_start
    having count(*) >= 3
),

links as (
    select
        judged.chip_id,
        judged.period_start,
        pairs.linked_to,
        pairs.matched_providers,
        pairs.mean_log_change,
        pairs.median_log_change
    from judged
    left join pairs
        on judged.chip_id = pairs.chip_id and judged.period_start = pairs.period_start and pairs.nearness = 1
    where judged.is_enough
),

unmatched as (
    select
        links.chip_id,
        links.period_start,
        {{ joined('case when before.provider_id is null then now.provider_id end') }} as provider_ids
    from links
    inner join quotes as now on links.chip_id = now.chip_id and links.period_start = now.period_start
    left join quotes as before
        on
            now.chip_id = before.chip_id
            and now.provider_id = before.provider_id
            and links.linked_to = before.period_start
    where links.linked_to is not null
    group by links.chip_id, links.period_start
),

chains as (
    select
        chip_id,
        period_start,
        period_start as base_month,
        0.0::double as log_mean,
        0.0::double as log_median
    from links
    where linked_to is null
    union all
    select
        links.chip_id,
        links.period_start,
        chains.base_month,
        chains.log_mean + links.mean_log_change,
        chains.log_median + links.median_log_change
    from links
    inner join chains on links.chip_id = chains.chip_id and links.linked_to = chains.period_start
),

newest as (
    select
        chip_id,
        max_by(base_month, period_start) as base_month
    from chains
    group by chip_id
),

bridged_changes as (
    select
        chip_id,
        period_start,
        ln(
            usd_per_chip_hour
            / lag(usd_per_chip_hour) over (partition by chip_id, provider_id order by period_start)
        ) as log_change
    from quotes
),

bridged as (
    select
        chip_id,
        period_start,
        sum(coalesce(avg(log_change), 0)) over (partition by chip_id order by period_start) as log_level
    from bridged_changes
    group by chip_id, period_start
),

base_levels as (
    select
        newest.chip_id,
        newest.base_month,
        bridged.log_level
    from newest
    inner join bridged on newest.chip_id = bridged.chip_id and newest.base_month = bridged.period_start
)

select
    judged.period_start,
    judged.chip_id,
    chains.base_month is not null as is_published,
    case
        when chains.base_month is not null then null
        when judged.providers < 3 then 'fewer than three providers'
        when not judged.is_enough then 'under 60% of the providers of the last six months'
        else 'fewer than three providers in common with any month of the chain'
    end as withheld_because,
    -- The last digits of a sum of logarithms depend on the order of its rows.
    round(100 * exp(chains.log_mean), 6) as index_first_month_100,
    case when chains.base_month is not null then round(judged.usd_per_chip_hour_median, 4) end as usd_per_chip_hour_median,
    round(100 * exp(chains.log_median), 6) as median_change_index_first_month_100,
    case
        when chains.base_month is not null then round(100 * exp(bridged.log_level - base_levels.log_level), 6)
    end as bridged_index_first_month_100,
    links.linked_to,
    judged.providers::int as providers,
    judged.panel_providers::int as panel_providers,
    coalesce(links.matched_providers, 0)::int as matched_providers,
    judged.provider_ids,
    unmatched.provider_ids as unmatched_provider_ids,
    'rental_rate_cards' as source_id,
    last_day(judged.period_start) as reported_on,
    'price_date' as reported_on_basis,
    'derived' as confidence
from judged
left join links on judged.chip_id = links.chip_id and judged.period_start = links.period_start
left join unmatched on judged.chip_id = unmatched.chip_id and judged.period_start = unmatched.period_start
left join newest on judged.chip_id = newest.chip_id
left join chains
    on
        judged.chip_id = chains.chip_id
        and judged.period_start = chains.period_start
        and newest.base_month = chains.base_month
left join bridged on judged.chip_id = bridged.chip_id and judged.period_start = bridged.period_start
left join base_levels on judged.chip_id = base_levels.chip_id
