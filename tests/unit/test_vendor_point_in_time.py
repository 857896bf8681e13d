"""Nothing that became known after an origin may move a forecast, an interval or a weight of that origin.

What the scores of a backtest hold stands here too: the backtest takes longer than every test of it.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import vendor_marts
from sampling import drawn

from forecasts import backtest, scoring, vendor_records, vendor_revenue
from forecasts.panel import targets
from forecasts.quantiles import LEVELS, WIDE_COLUMNS

ORIGIN = date(2026, 9, 30)
EARLIER = date(2025, 12, 31)
FRAMES = ("forecasts", "scores", "calibration")


@pytest.fixture(scope="module", autouse=True)
def quick_models() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        vendor_marts.drift_for_fits(patch)
        yield


@pytest.fixture(scope="module")
def marts() -> dict[str, pd.DataFrame]:
    return vendor_marts.marts()


@pytest.fixture(scope="module")
def full(marts: dict[str, pd.DataFrame]) -> backtest.Backtest:
    return backtest.run(**marts, origin=ORIGIN, n_jobs=1)


@pytest.fixture(scope="module")
def known(marts: dict[str, pd.DataFrame]) -> backtest.Backtest:
    return backtest.run(**marts, origin=EARLIER, n_jobs=1)


def test_rows_reported_after_the_origin_change_nothing(
    marts: dict[str, pd.DataFrame], known: backtest.Backtest
) -> None:
    poisoned = vendor_marts.poison(marts, pd.Timestamp(EARLIER))
    poisoned_run = backtest.run(**poisoned, origin=EARLIER, n_jobs=1)
    for name in FRAMES:
        pd.testing.assert_frame_equal(getattr(known, name), getattr(poisoned_run, name))
    clean = vendor_revenue.forecast(**marts, origin=EARLIER, n_paths=50, backtest=known)
    dirty = vendor_revenue.forecast(**poisoned, origin=EARLIER, n_paths=50, backtest=known)
    pd.testing.assert_frame_equal(clean.quantiles, dirty.quantiles)
    pd.testing.assert_frame_equal(clean.vendor_revenue, dirty.vendor_revenue)


def test_days_without_news_move_nothing(marts: dict[str, pd.DataFrame], full: backtest.Backtest) -> None:
    columns = ["entity_id", "period_kind", "target_period", *WIDE_COLUMNS, "mean", "evidence_class"]
    # The last dated statement is of 31 August.
    newest = pd.concat([rows["reported_on"] for name, rows in marts.items() if name != "guidance"]).max().date()
    first, later = (
        vendor_revenue.forecast(**marts, origin=newest + timedelta(days=days), n_paths=200, backtest=full)
        for days in (30, 60)
    )
    pd.testing.assert_frame_equal(first.vendor_revenue[columns], later.vendor_revenue[columns])
    assert set(targets()) - {"tsmc-total"} <= set(first.vendor_revenue["entity_id"])
    values = ["model_id", "entity_id", "target_id", "period_kind", "target_period", "output_type_id", "value"]
    pd.testing.assert_frame_equal(first.quantiles[values], later.quantiles[values])


def test_published_rows_are_those_that_were_scored(
    marts: dict[str, pd.DataFrame], full: backtest.Backtest, count: Callable[[str, int, int], int]
) -> None:
    scored = full.forecasts[full.forecasts["model_id"] == "recommended"]
    rows = scored[(scored["origin_date"] > "2026-01-01") & scored["is_scored"] & (scored["entity_id"] != "tsmc-total")]
    assert len(rows) > 100
    groups = list(rows.groupby(["entity_id", "origin_date"]))
    for (entity_id, origin), own in random.Random(448).sample(groups, count("origins compared", 8, len(groups))):
        found = vendor_revenue.forecast(**marts, origin=origin.date(), backtest=full).quantiles
        found = found[(found["model_id"] == "recommended") & (found["entity_id"] == entity_id)]
        found = found[found["target_id"].isin(["capex", "vendor_revenue"]) & (found["period_kind"] == "quarter")]
        table = found.pivot(index="horizon", columns="output_type_id", values="value").loc[own["horizon"]]
        np.testing.assert_allclose(np.log(table[list(LEVELS)]), own[scoring.QUANTILES], rtol=1e-9)


def test_the_same_rows_do_change_things_a_day_later(marts: dict[str, pd.DataFrame]) -> None:
    # Control: the poison works, so the test above is not empty.
    poisoned = vendor_marts.poison(marts, pd.Timestamp(ORIGIN))
    later = date(2026, 10, 2)
    clean = vendor_revenue.forecast(**marts, origin=later, n_paths=50, backtest=None).vendor_revenue
    dirty = vendor_revenue.forecast(**poisoned, origin=later, n_paths=50, backtest=None).vendor_revenue
    assert not np.allclose(clean["p50"].iloc[:5], dirty["p50"].iloc[:5])


def test_later_outcomes_do_not_move_earlier_origins(known: backtest.Backtest, full: backtest.Backtest) -> None:
    keys = ["model_id", "entity_id", "origin_date", "horizon"]
    columns = ["log_median", "log_scale", "q0.1", "q0.9"]
    before = full.forecasts[full.forecasts["origin_date"] <= pd.Timestamp(EARLIER)].set_index(keys).sort_index()
    then = known.forecasts.set_index(keys).sort_index()
    pd.testing.assert_frame_equal(then[columns], before[columns])
    assert before["truth_reported_on"].max() > pd.Timestamp(EARLIER)


def test_a_forecast_uses_only_outcomes_of_the_backtest_known_at_its_origin(
    marts: dict[str, pd.DataFrame], known: backtest.Backtest, full: backtest.Backtest
) -> None:
    then, now = (
        vendor_revenue.forecast(**marts, origin=EARLIER, n_paths=50, backtest=past).vendor_revenue
        for past in (known, full)
    )
    # What has been scored by then is cut where the stored backtest is read, see pipeline/build/backtesting.py.
    then, now = (rows.drop(columns="evidence_class") for rows in (then, now))
    pd.testing.assert_frame_equal(then, now)


def test_a_backtest_read_back_from_parquet_gives_the_same_forecast(
    marts: dict[str, pd.DataFrame], full: backtest.Backtest, tmp_path: Path
) -> None:
    for name in FRAMES:
        getattr(full, name).to_parquet(tmp_path / f"{name}.parquet")
    again = backtest.Backtest(**{name: pd.read_parquet(tmp_path / f"{name}.parquet") for name in FRAMES})
    first, second = (
        vendor_revenue.forecast(**marts, origin=ORIGIN, n_paths=50, backtest=item).vendor_revenue
        for item in (full, again)
    )
    pd.testing.assert_frame_equal(first, second)


@pytest.mark.parametrize("missing", drawn(["vendor_quarters", "guidance", "capex_quarters"], 1, "empty tables"))
def test_an_empty_table_leaves_its_series_out(marts: dict[str, pd.DataFrame], missing: str) -> None:
    # A day with one vendor over the minimum history keeps the backtest short.
    day = date(2025, 3, 31)
    past = backtest.run(**marts | {missing: pd.DataFrame()}, origin=day, n_jobs=1)
    for empty in (marts[missing].iloc[:0], pd.DataFrame()):
        found = vendor_revenue.forecast(**marts | {missing: empty}, origin=day, n_paths=20, backtest=past)
        names = found.vendor_revenue["entity_id"].str
        assert names.contains("nvidia").any() == (missing != "vendor_quarters")
        assert names.contains("capex").any() == (missing != "capex_quarters")


def test_before_the_first_report_there_is_nothing(marts: dict[str, pd.DataFrame]) -> None:
    past = backtest.run(**marts, origin=date(2010, 1, 1), n_jobs=1)
    found = vendor_revenue.forecast(**marts, origin=date(2010, 1, 1), backtest=past)
    assert past.forecasts.empty and found.vendor_revenue.empty and found.quantiles.empty and not found.paths
    assert list(found.vendor_revenue.columns) == vendor_revenue.WIDE


def test_records_survive_the_round_trip_through_the_forecast_table(full: backtest.Backtest) -> None:
    records = backtest.records_of(full)
    again = vendor_records.scales(records, vendor_records.CENTRE, records.rows)
    rows = full.forecasts.query("model_id == 'unbounded' and horizon == 3").set_index(["entity_id", "origin_date"])
    index = pd.MultiIndex.from_frame(records.rows[["entity_id", "origin_date"]])
    np.testing.assert_allclose(records.medians["unbounded"][:, 2], rows.reindex(index)["log_median"])
    np.testing.assert_allclose(again[:, 2], rows.reindex(index)["log_scale"])


def test_published_frames_have_their_columns(full: backtest.Backtest) -> None:
    assert {"log_wis", "wis_usd_m", "crps_log", "coverage_80", "pit_mean", "pit_variance", "sum4_coverage_80"} <= set(
        full.scores["metric"]
    )
    assert {"all", "post_2023"} <= set(full.scores["window"])
    assert {"spliced", "without_intel", "within_definition", "verified_only"} <= set(full.scores["panel"])
    key = ["model_id", "entity_id", "horizon", "metric", "window", "panel", "baseline_id"]
    assert not full.scores.duplicated(key).any()
    assert {"pooled", "nvidia-total", "merchant_dc_silicon_total", "capex-five-firms"} <= set(full.scores["entity_id"])
    skill = full.scores[full.scores["baseline_id"].notna()]
    assert (skill["ci05"] <= skill["ci95"]).all()
    assert full.calibration["empirical"].between(0, 1).all()
    assert not full.calibration.duplicated(["model_id", "entity_id", "horizon", "nominal"]).any()


def test_guidance_that_is_always_right_up_to_a_constant_wins_next_quarter(full: backtest.Backtest) -> None:
    rows = full.scores.query("entity_id == 'nvidia-total' and horizon == 1 and panel == 'spliced' and window == 'all'")
    errors = rows[rows["metric"] == "mean_abs_log_error"].set_index("model_id")["value"]
    assert errors["recommended"] < errors["raw_guidance"] < errors["naive"]
    assert errors["recommended"] < errors["log_drift"]
