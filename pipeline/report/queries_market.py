"""The SQL of the page's second half: prices, tests of the forecasts, reconciliation, claims, sources."""

RENTAL = """
select coalesce(chip_name, chip_id) as chip, period_start as month, index_first_month_100 as index, providers,
    provider_coverage_share
from market.rental_price_index left join market.chips using (chip_id)
where terms = 'on_demand' and providers >= 2
order by chip, month"""

TOKENS = """
select replace(method, '_', ' ') as method, period_start as month, index_first_month_100 as index, usd_per_mtok, models
from market.token_price_index
order by method, month"""

PRICE_PERFORMANCE = """
with priced as (
    select case when price_basis like 'purchase%' then 'bought, over four years'
            when price_basis = 'rental on_demand' then 'rented on demand' else 'rented, other terms' end as kind,
        chip_id, date_trunc('month', priced_on)::date as month, price_basis, usd_per_h100e_16bit_hour as usd
    from market.price_performance
    where priced_on >= '2020-01-01' and usd_per_h100e_16bit_hour is not null
        and not regexp_matches(chip_id, 'geforce|radeon|titan')
)
select kind, month, chip_id, arg_min(price_basis, usd) as basis, min(usd) as usd_per_h100e_hour,
    min(min(usd)) over (partition by kind order by month) as frontier
from priced
group by kind, month, chip_id
order by kind, month, usd_per_h100e_hour"""

CALIBRATION = """
select horizon, nominal, empirical, band_low, band_high, n, n_eff
from forecast.calibration
where model_id = 'recommended' and entity_id = 'pooled'
order by horizon, nominal"""

SKILL = """
select horizon, case baseline_id when 'naive' then 'last value' else 'log-drift' end as baseline, skill, ci05, ci95,
    n, n_eff, recalled_share
from forecast.scores
where model_id = 'recommended' and entity_id = 'pooled' and metric = 'log_wis' and target_window = 'all'
    and panel = 'spliced' and baseline_id in ('naive', 'log_drift')
order by horizon, baseline"""

LEADERBOARD = """
pivot (
    select model_id, case baseline_id when 'naive' then 'naive_' else 'drift_' end || horizon as versus, skill
    from forecast.scores
    where entity_id = 'pooled' and metric = 'log_wis' and target_window = 'all' and panel = 'spliced'
        and baseline_id in ('naive', 'log_drift') and horizon in (1, 2, 4, 8)
) on versus in ('naive_1', 'naive_2', 'naive_4', 'naive_8', 'drift_1', 'drift_2', 'drift_4', 'drift_8')
using first(skill)
order by model_id <> 'recommended', naive_4 desc nulls last, model_id"""

PANELS = """
select panel, horizon, skill as skill_vs_naive, ci05, ci95, n, n_eff, recalled_share
from forecast.scores
where model_id = 'recommended' and entity_id = 'pooled' and metric = 'log_wis' and target_window = 'all'
    and baseline_id = 'naive' and horizon in (1, 4)
order by horizon, panel <> 'spliced', panel"""

RECONCILIATION = """
select target_period as year, bucket, p10, p50, p90, is_extrapolated, evidence_class
from forecast.reconciliation
where scenario_id = 'base' and period_kind = 'calendar_year' and unit = 'share_of_capacity'
    and target_period in ('{last_year}', '{year}') and bucket in ('llm_inference', 'final_training_runs', 'other_rnd',
        'unexplained_inference', 'unexplained_training_and_rnd', 'unexplained')
order by year, bucket"""

CLAIMS_EXIST = "select 1 from duckdb_tables() where schema_name = 'forecast' and table_name = 'claims'"

CLAIMS = """
select *, lag(verdict) over claim as earlier_verdict, lag(judged_as_of) over claim as earlier_as_of
from forecast.claims
window claim as (partition by claim_id order by judged_as_of)
qualify row_number() over (partition by claim_id order by judged_as_of desc) = 1
order by claim_id"""

# Only where both speak of the same thing: publisher, quantity, our series, our units per theirs, what still differs.
OTHERS = """
with same_thing (publisher, quantity, series, scale, differs) as (values
    ('Big-5 guidance sum', 'capex Alphabet+Microsoft+Amazon+Meta+Oracle', 'capex/capex-five-firms', 1e3,
        'theirs as the companies state it, partly with leases; ours cash'),
    ('sell-side consensus', 'hyperscaler capex total', 'capex/capex-five-firms', 1e3,
        'theirs does not name its firms; ours cash of five'),
    ('AMD', 'data centre AI accelerator TAM', 'ai_accelerator_revenue/all-merchants', 1e3,
        'theirs is every accelerator sold; ours NVIDIA, AMD and Broadcom'),
    ('AI Futures Project (AI 2027)', 'global AI-relevant compute', 'operational_h100e_16bit/all-tracked', 1e6,
        'theirs is the world; ours tracked designers, running'),
    ('AI Futures Project (AI 2027)', 'global AI power', 'facility_power/all-tracked', 1,
        'theirs is the world; ours tracked designers'),
    ('Epoch AI', 'installed AI compute, all designers', 'sold_h100e_8bit/all-tracked', 1e6,
        'ours rests partly on Epoch AI''s own estimates, so this checks arithmetic')
), ours as (
    select target_id || '/' || entity_id as series, target_period as period, evidence_class, '80%' as level,
        max(value) filter (output_type_id = 0.1) as low, max(value) filter (output_type_id = 0.5) as p50,
        max(value) filter (output_type_id = 0.9) as high
    from forecast.quantiles
    where scenario_id = 'base' and is_recommended and output_type_id in (0.1, 0.5, 0.9)
        and origin_date = (select max(origin_date) from forecast.quantiles)
    group by all
    union all
    select 'operational_h100e_16bit/all-tracked', calendar_quarter, evidence_class, '90%', operational_h100e_16bit_p05,
        operational_h100e_16bit_p50, operational_h100e_16bit_p95
    from market.installed_base where designer_id = 'all-tracked' and not is_forecast
    union all
    select 'sold_h100e_8bit/all-tracked', calendar_quarter, evidence_class, '90%', sold_h100e_8bit_p05,
        sold_h100e_8bit_p50, sold_h100e_8bit_p95
    from market.installed_base where designer_id = 'all-tracked' and not is_forecast
)
select f.publisher, f.quantity, f.target_period, f.value as theirs, f.qualifier, f.unit, f.reported_on,
    low / scale as low, p50 / scale as p50, high / scale as high, level, evidence_class, differs
from market.published_forecasts as f
left join same_thing using (publisher, quantity)
left join ours on ours.series = same_thing.series and ours.period = case
    when f.target_period like '____-__' then left(f.target_period, 4) || 'Q' || (right(f.target_period, 2)::integer + 2) // 3
    else replace(f.target_period, 'CY', '') end
where p50 {which}
order by f.publisher, f.quantity, f.target_period, f.reported_on"""

SOURCES = """
select title, url, licence, credit, mode, rows_known, newest_fact, age_days, status
from market.sources
order by rows_known = 0, domain, title"""

CHECKS = """
select count(*) filter (status = 'pass') as passed, count(*) filter (status = 'warn') as warned,
    count(*) filter (status not in ('pass', 'warn')) as failed, (select count(*) from quality.rejected_rows) as rejected
from quality.checks"""
