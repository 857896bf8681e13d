"""The SQL behind the page, shown on it as it ran. `{as_of}`, `{year}`, `{next_year}` and `{entity}` are filled in."""

AS_OF = """
select max(newest_fact + age_days::integer) as as_of, max(newest_fact) as newest_fact,
    count(*) filter (status = 'stale') as stale, count(*) as sources
from market.sources"""

HEADLINES = """
with recalled as (
    select entity_id, horizon, recalled_share
    from forecast.scores
    where model_id = 'recommended' and metric = 'log_wis' and target_window = 'all' and panel = 'spliced'
        and baseline_id is null
)
select 1 as place, entity_name as what, target_period, p10 / 1000 as p10, p50 / 1000 as p50, p90 / 1000 as p90,
    'USD billion' as unit, evidence_class, is_nowcast, recalled_share
from forecast.vendor_revenue left join recalled using (entity_id, horizon)
where (entity_id = 'merchant_dc_silicon_total' and period_kind = 'quarter' and horizon = 1)
union all by name
select 2 as place, entity_name as what, target_period, p10 / 1000 as p10, p50 / 1000 as p50, p90 / 1000 as p90,
    'USD billion' as unit, evidence_class, recalled_share
from forecast.vendor_revenue left join recalled using (entity_id, horizon)
where entity_id = 'nvidia-data-center' and period_kind = 'calendar_year' and target_period = '{next_year}'
union all by name
select 3 as place, 'Operational fleet, tracked designers' as what, target_period,
    max(value) filter (output_type_id = 0.1) / 1e6 as p10, max(value) filter (output_type_id = 0.5) / 1e6 as p50,
    max(value) filter (output_type_id = 0.9) / 1e6 as p90, 'million H100e (16-bit dense)' as unit, evidence_class
from forecast.quantiles
where target_id = 'operational_h100e_16bit' and entity_id = 'all-tracked' and period_kind = 'quarter'
    and scenario_id = 'base' and is_recommended and origin_date = (select max(origin_date) from forecast.quantiles)
    and date '{as_of}' between target_end_date - interval 92 day and target_end_date
group by target_period, evidence_class
union all by name
select 4 as place, 'Inference share of the fleet''s chip-hours' as what, target_period, p10, p50, p90,
    'share' as unit, evidence_class
from forecast.inference_share
where scenario_id = 'base' and accounting = 'chip_hours' and flow_or_stock = 'stock'
    and period_kind = 'calendar_year' and target_period = '{year}'
order by place"""

CHANGES = """
select coalesce(entity_name, c.entity_id) as what, c.target_period, c.previous_p50 / 1000 as previous_usd_bn,
    c.p50 / 1000 as now_usd_bn, c.change_pct, c.attributed_to, c.evidence_class, c.previous_origin_date, c.origin_date
from forecast.changes as c left join forecast.vendor_revenue using (entity_id, period_kind, target_period)
where c.target_id in ('vendor_revenue', 'capex') and c.period_kind = 'calendar_year' and c.target_period = '{next_year}'
order by abs(c.change_pct) desc"""

SHARE = """
select target_period, target_end_date as period_end, p10, p25, p50, p75, p90, evidence_class
from forecast.inference_share
where scenario_id = 'base' and accounting = '{entity}' and flow_or_stock = 'stock' and period_kind = 'quarter'
order by period_end"""

WORKLOADS = """
pivot (
    select accounting, evidence_class, workload, p10 / scale as p10, p50 / scale as p50, p90 / scale as p90
    from forecast.compute_demand
    join (values ('chip_hours', 1e9), ('executed_flop', 1e27), ('dollars', 1e3)) as units (accounting, scale)
        using (accounting)
    where scenario_id = 'base' and period_kind = 'calendar_year' and target_period = '{year}'
) on workload in ('inference', 'training_and_rnd', 'total')
using first(p10) as p10, first(p50) as p50, first(p90) as p90
order by accounting"""

ACTUALS = """
select 'actual' as kind, calendar_quarter as period, period_end, value_usd_m / 1000 as usd_bn, confidence,
    definition_version as definition
from market.vendor_quarters
where vendor_id || '-' || segment_id = '{entity}' and metric = 'revenue' and vintage = 'first'
    and period_end > date '{as_of}' - interval 4 year"""

ACTUALS_TOTAL = """
select 'actual' as kind, calendar_quarter as period, max(period_end) as period_end,
    sum(value_usd_m) / 1000 as usd_bn, 'sum' as confidence, 'sum of the four' as definition
from market.vendor_quarters
where vendor_id || '-' || segment_id in ('nvidia-data-center', 'amd-data-center', 'intel-dcai', 'broadcom-ai')
    and metric = 'revenue' and vintage = 'first' and period_end > date '{as_of}' - interval 4 year
group by calendar_quarter having count(*) = 4"""

ACTUALS_CAPEX = """
select 'actual' as kind, calendar_quarter as period, max(period_end) as period_end,
    sum(capex_usd_m) / 1000 as usd_bn, 'sum' as confidence, 'cash, five firms' as definition
from market.capex_quarters
where basis = 'cash' and vintage = 'first' and period_end > date '{as_of}' - interval 4 year
group by calendar_quarter having count(*) = 5"""

FORECAST = """
union all by name
select 'forecast' as kind, target_period as period, target_end_date as period_end, p10 / 1000 as p10,
    p25 / 1000 as p25, p50 / 1000 as p50, p75 / 1000 as p75, p90 / 1000 as p90, evidence_class
from forecast.vendor_revenue
where entity_id = '{entity}' and period_kind = 'quarter' and horizon <= 8"""

GUIDANCE = """
union all by name
select 'guidance' as kind, target_period as period, target_period_end as period_end,
    coalesce(low_usd_m, mid_usd_m) / 1000 as low_usd_bn, mid_usd_m / 1000 as usd_bn,
    coalesce(high_usd_m, mid_usd_m) / 1000 as high_usd_bn, confidence
from market.guidance
where issuer_id || '-' || segment_id = '{entity}' and metric = 'revenue' and target_period like 'FY____Q_'
    and target_period_end > date '{as_of}' - interval 4 year"""

PAST_FORECASTS = """
with outcomes as (
    select calendar_quarter, arg_min(value_usd_m, reported_on) / 1000 as usd_bn
    from market.vendor_quarters
    where vendor_id || '-' || segment_id = '{entity}' and metric = 'revenue'
    group by calendar_quarter
), made as (
    select origin_date, horizon, target_period as period, target_end_date as period_end,
        max(value) filter (output_type_id = 0.1) / 1000 as p10, max(value) filter (output_type_id = 0.5) / 1000 as p50,
        max(value) filter (output_type_id = 0.9) / 1000 as p90
    from forecast.quantiles
    where model_id = 'recommended' and entity_id = '{entity}' and target_id = 'vendor_revenue'
        and period_kind = 'quarter' and horizon <= 8
    group by all
)
select 'forecast' as kind, origin_date, horizon, period, period_end, p10, p50, p90, usd_bn
from made left join outcomes on period = calendar_quarter
-- one origin a year, and the newest
where origin_date in (select max(origin_date) from made group by year(origin_date))
union all by name
select 'actual' as kind, calendar_quarter as period,
    last_day(make_date(left(calendar_quarter, 4)::integer, 3 * right(calendar_quarter, 1)::integer, 1)) as period_end, usd_bn
from outcomes
where calendar_quarter >= (select min(period) from made)
order by kind, origin_date, period_end"""

VENDORS = """
select entity_name, q.target_period as quarter, q.is_nowcast, q.p10 / 1000 as q10, q.p50 / 1000 as q50,
    q.p90 / 1000 as q90, coalesce(q.guidance_mid, y0.guidance_mid) / 1000 as guided,
    case when q.guidance_mid is not null then q.target_period
        when y0.guidance_mid is not null then y0.target_period end as guided_for,
    q.evidence_class as q_evidence, y.target_period as year, y.p10 / 1000 as y10, y.p50 / 1000 as y50,
    y.p90 / 1000 as y90, y.evidence_class as y_evidence
from forecast.vendor_revenue as q
left join (select * from forecast.vendor_revenue where period_kind = 'calendar_year' and target_period = '{next_year}')
    as y using (entity_id, entity_name)
left join (select * from forecast.vendor_revenue where period_kind = 'calendar_year' and target_period = '{year}')
    as y0 using (entity_id, entity_name)
where q.period_kind = 'quarter' and q.horizon = 1
order by q.entity_id like 'capex%', q50 desc"""

FLEET = """
select calendar_quarter as period, period_end, operational_h100e_16bit_p05 / 1e6 as p05,
    operational_h100e_16bit_p50 / 1e6 as p50, operational_h100e_16bit_p95 / 1e6 as p95, false as is_forecast,
    extrapolated_designers, evidence_class
from market.installed_base
where designer_id = 'all-tracked' and not is_forecast
union all by name
select target_period as period, target_end_date as period_end, max(value) filter (output_type_id = 0.05) / 1e6 as p05,
    max(value) filter (output_type_id = 0.5) / 1e6 as p50, max(value) filter (output_type_id = 0.95) / 1e6 as p95,
    true as is_forecast, evidence_class
from forecast.quantiles
where target_id = 'operational_h100e_16bit' and entity_id = 'all-tracked' and period_kind = 'quarter'
    and scenario_id = 'base' and is_recommended and origin_date = (select max(origin_date) from forecast.quantiles)
    and target_end_date <= date '{as_of}' + interval 28 month
group by target_period, target_end_date, evidence_class
order by period_end"""

DESIGNERS = """
select coalesce(vendor_name, designer_id) as designer, calendar_quarter as period, period_end,
    operational_h100e_16bit_p05 as p05, operational_h100e_16bit_p50 as p50, operational_h100e_16bit_p95 as p95,
    evidence_class
from market.installed_base left join market.vendors on vendor_id = designer_id
where designer_id <> 'all-tracked' and not is_forecast and operational_h100e_16bit_p50 > 1000
order by designer, period_end"""

STOCK = """
with newest as (
    select calendar_quarter, evidence_class, columns('(sold|operational|retired).*_p(05|50|95)$')
    from market.installed_base
    where designer_id = 'all-tracked' and not is_forecast
    order by period_end desc limit 1
), flat as (
    unpivot newest on columns('_p(05|50|95)$') into name measure value h100e
)
select calendar_quarter, regexp_extract(measure, '^[a-z]+') as state,
    regexp_extract(measure, '16bit|8bit|bandwidth') as definition, evidence_class,
    max(h100e) filter (measure like '%p05') / 1e6 as p05, max(h100e) filter (measure like '%p50') / 1e6 as p50,
    max(h100e) filter (measure like '%p95') / 1e6 as p95
from flat
group by calendar_quarter, state, definition, evidence_class
order by state <> 'sold', state, definition"""
