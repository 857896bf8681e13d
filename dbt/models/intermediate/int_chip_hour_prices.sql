-- What an hour of a chip costs, by basis and day. `price_log_sd` is the spread between providers or within a band; where
-- fewer than three list prices stand behind a row it is that of the basis, else of all, and others' quoted figures have none.
{{ config(tags=['forecast_stage']) }}
{% set assumed = ['system_cost_multiplier', 'book_life_years', 'availability', 'server_power_factor', 'pue', 'electricity_usd_per_mwh'] -%}
with index_months as (
    select
        chip_id,
        (period_start + interval '1' month)::date - 1 as priced_on,
        percentile_cont(0.5) within group (order by usd_per_chip_hour) as usd_per_chip_hour,
        {{ in_order('stddev', 'ln(usd_per_chip_hour)') }} as log_sd,
        count(*) as prices
    from {{ ref('rental_rate_cards') }}
    group by chip_id, period_start
    having count(*) >= 3
),

offers as (
    select
        chip_id,
        terms,
        priced_on,
        provider_id,
        median(usd_per_chip_hour) as usd_per_chip_hour
    from {{ ref('rental_prices_by_terms') }}
    where terms in ('on_demand', 'contract')
    group by chip_id, terms, priced_on, provider_id
),

listed as (
    select
        chip_id,
        terms,
        max(priced_on) as priced_on,
        percentile_cont(0.5) within group (order by usd_per_chip_hour) as usd_per_chip_hour,
        {{ in_order('stddev', 'ln(usd_per_chip_hour)') }} as log_sd,
        count(distinct provider_id) as prices
    from offers
    group by chip_id, terms, {{ quarter_of('priced_on') }}
),

-- Purchase prices of a year: the middle of what was asked, paid or estimated for a chip. A family's estimate counts for
-- the member it is counted as.
bought as (
    select
        coalesce(split_part(families.family_members, ' ', 1), purchases.chip_id) as chip_id,
        max(purchases.priced_on) as priced_on,
        percentile_cont(0.5) within group (order by purchases.price_usd_p50) as price_usd,
        -- Lowest and highest of a year stand for the 5th and 95th percentile.
        ln(max(purchases.price_usd_high) / min(purchases.price_usd_low)) / 3.29 as log_sd,
        count(*) as prices
    from {{ ref('chip_prices') }} as purchases
    left join {{ ref('chip_families') }} as families on purchases.chip_id = families.chip_id
    where purchases.price_usd_p50 > 0 and purchases.price_unit = 'card' and purchases.price_basis <> 'maker_cost_estimate'
    group by coalesce(split_part(families.family_members, ' ', 1), purchases.chip_id), year(purchases.priced_on)
),

assumptions as (
    select
        {% for name in assumed %}
            max(case when parameter_id = '{{ name }}' then p50 end) as {{ name }},
            max(case when parameter_id = '{{ name }}' then ln(p90 / p10) / 2.563 end) as {{ name }}_log_sd
            {%- if not loop.last %},{% endif %}
        {% endfor %}
    from {{ ref('assumptions') }}
),

owned as (
    select
        bought.chip_id,
        bought.priced_on,
        bought.price_usd * system_cost_multiplier / (book_life_years * 8760 * availability) as depreciation_usd,
        chips.tdp_w / 1e6 * server_power_factor * pue * electricity_usd_per_mwh / availability as electricity_usd,
        sqrt(
            power(bought.log_sd, 2) + power(system_cost_multiplier_log_sd, 2) + power(book_life_years_log_sd, 2)
        ) as log_sd,
        bought.prices
    from bought
    inner join {{ ref('chips') }} as chips on bought.chip_id = chips.chip_id
    cross join assumptions
    where chips.tdp_w is not null and system_cost_multiplier is not null
),

quoted as (
    select
        names.chip_id,
        costs.*
    from {{ ref('stg_inferencex_gpu_costs') }} as costs
    inner join {{ ref('int_chip_names') }} as names on costs.accelerator = names.alias and names.scope = 'benchmarks'
),

priced as (
    select
        chip_id,
        'rental_index' as price_basis,
        'median of rate cards' as price_variant,
        priced_on,
        usd_per_chip_hour,
        log_sd,
        prices,
        true as has_own_spread
    from index_months
    union all
    select
        chip_id,
        case terms when 'on_demand' then 'on_demand_list' else 'contract' end,
        case terms when 'on_demand' then 'median of list prices' else 'rate stated for contracts' end,
        priced_on,
        usd_per_chip_hour,
        log_sd,
        prices,
        prices >= 3
    from listed
    union all
    select
        chip_id,
        'depreciation_and_electricity',
        'purchase price, installed',
        priced_on,
        depreciation_usd + electricity_usd,
        log_sd * depreciation_usd / (depreciation_usd + electricity_usd),
        prices,
        true
    from owned
    {% for owner in ['hyperscaler', 'neocloud', 'rental'] -%}
        union all
        select
            chip_id,
            'quoted_tco',
            '{{ "three-year rental" if owner == "rental" else owner }}',
            seen_on,
            usd_per_gpu_hour_{{ owner }},
            0,
            1,
            true
        from quoted
    {% endfor %}
)

select
    chip_id,
    price_basis,
    price_variant,
    priced_on,
    usd_per_chip_hour,
    prices,
    case
        when has_own_spread then log_sd
        else coalesce(
            {{ in_order('avg', 'case when has_own_spread then log_sd end') }} over (partition by price_basis),
            {{ in_order('avg', "case when has_own_spread and price_basis <> 'quoted_tco' then log_sd end") }} over ()
        )
    end as price_log_sd
from priced
