-- A report's name states its figure or its month: 700M WAU is 700 million users, 480T monthly tokens 15.8 trillion a day.
{{ config(meta={'dagster': {'ref': {'name': 'user_counts'}}}) }}
with labels as (
    select
        report as label,
        observed_on,
        active_users_m as figure,
        regexp_extract(report, '([0-9.]+)(M|B)[+]? ([a-z]+ )?[WMD]AU', 1) as digits,
        case regexp_extract(report, '([0-9.]+)(M|B)[+]? ([a-z]+ )?[WMD]AU', 2) when 'B' then 1000 else 1 end as times,
        0.01 as tolerance
    from {{ ref('user_counts') }}
    union all
    select
        stated_in,
        observed_on,
        tokens_per_day,
        regexp_extract(stated_in, ' ([0-9.]+)(B|T|Q) ?(monthly|tokens per|tk/min)', 1),
        case regexp_extract(stated_in, ' ([0-9.]+)(B|T|Q) ?(monthly|tokens per|tk/min)', 2)
            when 'B' then 1e9 when 'T' then 1e12 else 1e15
        end
        * case
            when stated_in like '%monthly%' then 12 / 365.25 when stated_in like '%min%' then 1440 else 1
        end,
        0.05
    from {{ ref('token_usage') }}
)

select *
from labels
where
    digits <> '' and abs(figure / (try_cast(digits as double) * times) - 1) > tolerance
    or regexp_extract(label, '(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]* 20[0-9][0-9]', 0) <> ''
    and substr(regexp_extract(label, '(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]* 20[0-9][0-9]', 0), 1, 3)
    || right(regexp_extract(label, '(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]* 20[0-9][0-9]', 0), 4)
    <> substr('JanFebMarAprMayJunJulAugSepOctNovDec', 3 * month(observed_on)::int - 2, 3) || year(observed_on)::string
