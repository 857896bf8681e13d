-- A year's revenue is first reported within 120 days of its end; later stands only what was restated.
{{ config(meta={'dagster': {'ref': {'name': 'vendor_years'}}}) }}
select
    years.vendor_id,
    years.segment_id,
    years.fiscal_year,
    years.value_usd_m,
    years.reported_on,
    max(quarters.reported_on) as quarters_known_on
from {{ ref('vendor_years') }} as years
left join {{ ref('vendor_quarters_vintages') }} as quarters
    on
        years.vendor_id = quarters.vendor_id
        and years.segment_id = quarters.segment_id
        and years.metric = quarters.metric
        and years.fiscal_year = left(quarters.fiscal_period, 6)
        and quarters.vintage = 'first'
where years.metric = 'revenue' and years.reported_on > years.period_end + 120
group by years.vendor_id, years.segment_id, years.fiscal_year, years.value_usd_m, years.reported_on
-- Of a segment whose quarters were not reported as such, the year is a recast.
having years.segment_id = 'total' or (count(*) = 4 and abs(sum(quarters.value_usd_m) - years.value_usd_m) < 10)
