"""The SQL of the page's second half: prices, tests of the forecasts, reconciliation, claims, sources."""

RENTAL = """
select coalesce(chip_name, chip_id) as chip, period_start as month, index_first_month_100 as index,
    usd_per_chip_hour_median, providers, matched_providers
from market.rental_price_index left join market.chips using (chip_id)
where is_published
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
        and not regexp_matches(chip_id, 'geforce|radeon|titan') and not price_basis like '%cost_estimate'
        and usd_per_chip_hour / usd_per_h100e_16bit_hour >= 0.01
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

OTHERS = """
select publisher, quantity, target_period, their_value as theirs, qualifier, unit, reported_on, our_low as low,
    our_median as p50, our_high as high, format('{:.0f}%', 100 * interval_level) as level, evidence_class,
    definition_difference as differs
from forecast.published_comparison
where our_median {which}
order by publisher, quantity, target_period, reported_on"""

BESIDE = """
select publisher || ', ' || target_period || ': ' || quantity as label, their_value_over_our_median as theirs,
    our_low / our_median as low, our_high / our_median as high, their_value, unit, our_low, our_median, our_high,
    interval_level, definition_difference, evidence_class
from forecast.published_comparison
where our_low > 0
order by publisher, quantity, target_period, reported_on"""

SOURCES = """
select title, url, licence, credit, mode, rows_known, newest_fact, age_days, status
from market.sources
order by rows_known = 0, domain, title"""

CHECKS = """
select count(*) filter (status = 'pass') as passed, count(*) filter (status = 'warn') as warned,
    count(*) filter (status not in ('pass', 'warn')) as failed, (select count(*) from quality.rejected_rows) as rejected
from quality.checks"""
