{# The rules of the rental price index that is made of single observations (price_history.py). #}

{# An observation this many times above or below the median of its day, chip and terms is a slip (cents, per month). #}
{% macro outlier_factor() -%} 4 {%- endmacro %}

{# Observations of whole days as one price per day, chip, terms and provider: the newest arrival of an observation
   counts, outliers are cut off, the rest gives its median. `observations` has observed_on, observed_at, provider_id,
   region, chip_id, terms, usd_per_chip_hour and arrived_at. #}
{% macro trimmed_daily_medians(observations) -%}
    with newest as (
        select
            observed_on, chip_id, terms, provider_id, region, observed_at,
            max_by(usd_per_chip_hour, arrived_at) as usd_per_chip_hour
        from {{ observations }}
        group by observed_on, chip_id, terms, provider_id, region, observed_at
    ),

    middles as (
        select observed_on, chip_id, terms, median(usd_per_chip_hour) as middle
        from newest
        group by observed_on, chip_id, terms
    ),

    judged as (
        select
            newest.*,
            usd_per_chip_hour not between middle / {{ outlier_factor() }} and middle * {{ outlier_factor() }} as is_outlier
        from newest
        inner join middles using (observed_on, chip_id, terms)
    )

    select
        observed_on, chip_id, terms, provider_id,
        median(usd_per_chip_hour) filter (where not is_outlier) as usd_per_chip_hour,
        count(*) filter (where not is_outlier) as observations,
        count(*) filter (where is_outlier) as outliers
    from judged
    group by observed_on, chip_id, terms, provider_id
{%- endmacro %}

{# Daily prices as a monthly index, first month = 100: the geometric mean of the providers' own changes, over the providers
   priced in every month, so that a change of providers cannot move it. `prices` has observed_on, chip_id, terms,
   provider_id and usd_per_chip_hour; a chip and terms not observed in every month of `prices` has no index. #}
{% macro fixed_panel_index(prices) -%}
    with monthly as (
        select
            chip_id, terms, provider_id, date_trunc('month', observed_on)::date as month,
            median(usd_per_chip_hour) as usd_per_chip_hour
        from {{ prices }}
        where usd_per_chip_hour is not null
        group by all
    ),

    all_months as (
        select month, max(observed_on) as last_observed_on
        from (select date_trunc('month', observed_on)::date as month, observed_on from {{ prices }})
        group by month
    ),

    compared as (
        select
            *,
            count(*) over (partition by chip_id, terms, provider_id) = (select count(*) from all_months) as in_panel,
            ln(usd_per_chip_hour)
            - ln(first_value(usd_per_chip_hour) over (partition by chip_id, terms, provider_id order by month)) as log_change
        from monthly
    )

    select
        chip_id,
        terms,
        month,
        round_even(100 * exp(avg(log_change) filter (where in_panel)), 3) as index_first_month_100,
        count(*) filter (where in_panel) as providers,
        round_even(count(*) filter (where in_panel) / count(*), 4) as provider_coverage_share,
        max(last_observed_on) as last_observed_on
    from compared
    inner join all_months using (month)
    group by chip_id, terms, month
    having count(*) filter (where in_panel) > 0
{%- endmacro %}
