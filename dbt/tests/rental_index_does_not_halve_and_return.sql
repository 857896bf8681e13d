-- A month in which the index halves and then returns is a slip of a price page or a change of panel, not a market.
with months as (
    select
        chip_id,
        period_start,
        index_first_month_100,
        lag(index_first_month_100) over (partition by chip_id order by period_start) as index_before,
        lead(index_first_month_100) over (partition by chip_id order by period_start) as index_after
    from {{ ref('rental_price_index') }}
    where is_published
)

select *
from months
where
    index_first_month_100 < 0.55 * index_before
    and index_after > 0.8 * index_before
    or index_first_month_100 > index_before / 0.55
    and index_after < index_before / 0.8
