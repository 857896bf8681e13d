"""Scores against hand calculation, and what learns from what."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
import scoringrules as sr
import vendor_marts

from forecasts import backtest, ensemble, intervals, scoring, vendor_records
from forecasts.intervals import DEFAULT_RULE, Evidence, ScaleRule
from forecasts.models import log_drift, registry
from forecasts.quantiles import LEVELS

ORIGIN = date(2026, 9, 30)


@pytest.fixture(scope="module")
def past() -> backtest.Backtest:
    with pytest.MonkeyPatch.context() as patch:
        models = {**registry(), "auto_arima": log_drift.path}
        patch.setattr(vendor_records, "registry", lambda: models)
        return backtest.run(**vendor_marts.marts(), origin=ORIGIN, n_jobs=1)


def test_log_wis_of_a_t_is_that_of_scoringrules() -> None:
    for error in (-1.3, 0.0, 0.4):
        expected = sr.crps_quantile(error, 0.2 * intervals.UNIT_QUANTILES, np.array(LEVELS))
        assert intervals.log_wis(np.array([error]), np.array([0.2]))[0] == pytest.approx(expected, rel=1e-3)


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


def evidence(own: list[list[int]], others: list[list[int]], horizon: int = 1) -> Evidence:
    mine, theirs = np.array(own, bool), np.array(others, bool)
    return Evidence(horizon, mine | theirs, mine, theirs, np.zeros(mine.shape), np.full(len(mine), 0.3))


def test_scale_mixes_own_errors_others_errors_and_past_steps() -> None:
    errors = np.array([[0.1], [0.2], [0.4]])
    nothing = evidence([[0, 0, 0]] * 3, [[0, 0, 0]] * 3)
    widening = np.sqrt(1 + 1 / DEFAULT_RULE.pseudo_errors)
    assert intervals.scales(errors, nothing)[0, 0] == pytest.approx(0.3 / intervals.MEAN_ABS_T * widening)
    some = evidence([[1, 1, 0]] * 3, [[0, 0, 1]] * 3)
    pooled = (2 * 0.3 + 0.4) / 3
    expected = (8 * pooled + 0.1 + 0.2) / 10 / intervals.MEAN_ABS_T * np.sqrt(1 + 1 / 10)
    assert intervals.scales(errors, some)[0, 0] == pytest.approx(expected)
    assert intervals.scales(errors, some, ScaleRule(inflation=1.5))[0, 0] == pytest.approx(1.5 * expected)


def test_weights_follow_known_losses_only(past: backtest.Backtest) -> None:
    records = backtest.records_of(past.forecasts)
    losses = ensemble.losses(records, ensemble.centres(records))
    weights = ensemble.weights(records, losses)
    np.testing.assert_allclose(weights.sum(axis=1), 1.0)
    first = int(records.origin.argmin())
    np.testing.assert_allclose(weights[first], 1 / len(ensemble.CANDIDATES))
    # Making every loss that the last origin could not know absurd leaves its weights alone.
    last = int(records.origin.argmax())
    hidden = np.stack([~records.evidence(h).known[last] for h in range(8)], axis=-1)
    absurd = np.where(hidden[:, None, :], np.arange(losses.shape[1])[None, :, None] * 1e6 + 1.0, losses)
    np.testing.assert_allclose(ensemble.weights(records, absurd)[last], weights[last])


def test_records_survive_the_round_trip_through_the_forecast_table(past: backtest.Backtest) -> None:
    records = backtest.records_of(past.forecasts)
    again = backtest.Choice.of(records)
    rows = past.forecasts.query("model_id == 'recommended' and horizon == 3").set_index(["entity_id", "origin_date"])
    index = pd.MultiIndex.from_frame(records.rows[["entity_id", "origin_date"]])
    np.testing.assert_allclose(again.median[:, 2], rows.reindex(index)["log_median"])
    np.testing.assert_allclose(again.scale[:, 2], rows.reindex(index)["log_scale"])


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
    assert set(past.configurations["kind"]) == {"centre", "selection", "interval", "published"}
    shares = past.configurations[past.configurations["kind"] == "centre"].groupby("horizon")["mean_weight"].sum()
    np.testing.assert_allclose(shares, 1.0)


def test_guidance_that_is_always_right_up_to_a_constant_wins_next_quarter(past: backtest.Backtest) -> None:
    rows = past.scores.query("entity_id == 'nvidia-total' and horizon == 1 and panel == 'spliced' and window == 'all'")
    errors = rows[rows["metric"] == "mean_abs_log_error"].set_index("model_id")["value"]
    assert errors["guidance"] < errors["raw_guidance"] < errors["naive"]
    assert errors["recommended"] < errors["log_drift"]
