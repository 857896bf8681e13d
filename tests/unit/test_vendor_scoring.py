"""Scores against hand calculation."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from forecasts import intervals, scoring
from forecasts.quantiles import LEVELS


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
