"""Scores against hand calculation, and what learns from what."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
import vendor_marts
from scipy import stats

from forecasts import backtest, intervals, scoring, vendor_records
from forecasts.quantiles import LEVELS

ORIGIN = date(2026, 9, 30)


@pytest.fixture(scope="module")
def past() -> backtest.Backtest:
    with pytest.MonkeyPatch.context() as patch:
        vendor_marts.drift_for_fits(patch)
        return backtest.run(**vendor_marts.marts(), origin=ORIGIN, n_jobs=1)


def test_scores_of_one_forecast_by_hand() -> None:
    quantiles = dict(zip(scoring.QUANTILES, np.log(100.0) + 0.1 * intervals.UNIT_QUANTILES, strict=True))
    row = dict(truth_usd_m=110.0, log_median=np.log(100.0), log_scale=0.1) | quantiles
    found = scoring.score_rows(pd.DataFrame([row])).iloc[0]
    error = np.log(1.1) - 0.1 * intervals.UNIT_QUANTILES
    pinball = np.maximum(np.array(LEVELS) * error, (np.array(LEVELS) - 1) * error)
    assert found["log_wis"] == pytest.approx(2 * pinball.mean())
    assert found["smape"] == pytest.approx(200 * 10 / 210)
    assert found["mean_abs_log_error"] == pytest.approx(np.log(1.1))
    assert (found["coverage_50"], found["coverage_80"], found["coverage_95"]) == (0, 1, 1)
    assert found["pit"] == pytest.approx(intervals.UNIT_T.cdf(np.log(1.1) / 0.1), abs=0.01)


def test_effective_n_counts_overlap_once() -> None:
    assert scoring.effective_n(np.array([20, 2]), 4) == 5 + 1


def test_scale_mixes_own_errors_others_errors_and_past_steps() -> None:
    errors, start = np.array([0.1, 0.2, 0.4]), np.array([0.3])
    mine, theirs, none = (np.array([row], bool) for row in ([1, 1, 0], [0, 0, 1], [0, 0, 0]))
    alone = intervals.scale(errors, none, none, 1, start)[0]
    assert alone == pytest.approx(0.3 / intervals.MEAN_ABS_T * np.sqrt(1 + 1 / 8))
    pooled = (2 * 0.3 + 0.4) / 3
    expected = (8 * pooled + 0.1 + 0.2) / 10 / intervals.MEAN_ABS_T * np.sqrt(1 + 1 / 10)
    assert intervals.scale(errors, mine, theirs, 1, start)[0] == pytest.approx(expected)
    # Eight quarters ahead ten errors are worth little more than one.
    unsure = stats.t(intervals.FEWEST_DEGREES).ppf(0.9) / intervals.UNIT_T.ppf(0.9)
    far = intervals.scale(errors, mine, theirs, 8, start)[0]
    assert far == pytest.approx(expected * np.sqrt((1 + 8 / 10) / (1 + 1 / 10)) * unsure)


def test_records_survive_the_round_trip_through_the_forecast_table(past: backtest.Backtest) -> None:
    records = backtest.records_of(past)
    again = vendor_records.scales(records, vendor_records.CENTRE, records.rows)
    rows = past.forecasts.query("model_id == 'unbounded' and horizon == 3").set_index(["entity_id", "origin_date"])
    index = pd.MultiIndex.from_frame(records.rows[["entity_id", "origin_date"]])
    np.testing.assert_allclose(records.medians["unbounded"][:, 2], rows.reindex(index)["log_median"])
    np.testing.assert_allclose(again[:, 2], rows.reindex(index)["log_scale"])


def test_published_frames_have_their_columns(past: backtest.Backtest) -> None:
    assert {"log_wis", "wis_usd_m", "crps_log", "coverage_80", "pit_mean", "pit_variance", "sum4_coverage_80"} <= set(
        past.scores["metric"]
    )
    assert {"all", "post_2023"} <= set(past.scores["window"])
    assert {"spliced", "without_intel", "within_definition", "verified_only"} <= set(past.scores["panel"])
    key = ["model_id", "entity_id", "horizon", "metric", "window", "panel", "baseline_id"]
    assert not past.scores.duplicated(key).any()
    assert {"pooled", "nvidia-total", "merchant_dc_silicon_total", "capex-five-firms"} <= set(past.scores["entity_id"])
    skill = past.scores[past.scores["baseline_id"].notna()]
    assert (skill["ci05"] <= skill["ci95"]).all()
    assert past.calibration["empirical"].between(0, 1).all()
    assert not past.calibration.duplicated(["model_id", "entity_id", "horizon", "nominal"]).any()


def test_guidance_that_is_always_right_up_to_a_constant_wins_next_quarter(past: backtest.Backtest) -> None:
    rows = past.scores.query("entity_id == 'nvidia-total' and horizon == 1 and panel == 'spliced' and window == 'all'")
    errors = rows[rows["metric"] == "mean_abs_log_error"].set_index("model_id")["value"]
    assert errors["recommended"] < errors["raw_guidance"] < errors["naive"]
    assert errors["recommended"] < errors["log_drift"]
