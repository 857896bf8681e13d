-- A laboratory's run rate does not fall by a fifth, nor rise more than twelvefold in a year (Anthropic's of 2024, tenfold,
-- is the largest true one): a month's revenue mistaken for a year's breaks this.
{{ config(meta={'dagster': {'ref': {'name': 'run_rates'}}}) }}
with steps as (
    select
        *,
        lag(usd_m_per_year) over (partition by issuer_id, scope order by as_of) as before_usd_m_per_year,
        lag(as_of) over (partition by issuer_id, scope order by as_of) as before_as_of
    from {{ ref('run_rates') }}
)

select *
from steps
where
    usd_m_per_year < 0.8 * before_usd_m_per_year
    or usd_m_per_year > before_usd_m_per_year * power(12, greatest(1, {{ days_between("before_as_of", "as_of") }} / 365))
