"""From past errors to forecast distributions: t-distributed log errors with pooled, shrunk scales, and paths.

A log error is t around the median path. Its scale mixes the series' own past errors with those of other companies.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from scipy import stats

from forecasts.assumptions import rng, value
from forecasts.quantiles import LEVELS

DEGREES_OF_FREEDOM = int(value("error_degrees_of_freedom"))
FEWEST_DEGREES = 2  # scales are mean absolute errors, which a t with one does not have
UNIT_T = stats.t(DEGREES_OF_FREEDOM)
UNIT_QUANTILES = UNIT_T.ppf(LEVELS)
# Mean |T| of a unit t: turns mean absolute errors, which one outlier moves less than squares, into scales.
MEAN_ABS_T = float(2 * UNIT_T.expect(lambda x: x, lb=0))
# The exponential of a t has no mean: paths are cut, outside the published levels.
TAIL_CUT = float(UNIT_T.ppf(value("error_tail_cut")))


def scale(errors: np.ndarray, own: np.ndarray, others: np.ndarray, horizon: int, start: np.ndarray) -> np.ndarray:
    """Scale of the log error of each row, from absolute log errors (sources,) of forecasts `horizon` quarters ahead.

    `own` and `others` (rows, sources) say which errors were known, of the series itself and of other companies; `start`
    (rows,) is the mean absolute error that the series' past steps suggest.
    """
    values, first, pseudo = np.nan_to_num(errors), value("error_start_weight"), value("error_pool_weight")
    pooled = (first * start + others @ values) / (first + others.sum(axis=1))
    n = pseudo + own.sum(axis=1)
    found = (pseudo * pooled + own @ values) / n / MEAN_ABS_T
    # Errors h quarters ahead overlap, so n of them are worth n/h: a new error has variance (1 + h/n) times the estimate,
    # and a scale that rests on n/h errors makes the t of n/h degrees of freedom, matched where the 80% interval ends.
    unsure = stats.t.ppf(0.9, np.clip(n / horizon, FEWEST_DEGREES, DEGREES_OF_FREEDOM)) / UNIT_T.ppf(0.9)
    return np.maximum(found * np.sqrt(1 + horizon / n) * unsure, value("error_floor"))


def step_abs_error(increments: np.ndarray) -> float:
    """Mean absolute one-quarter error of a random walk with the spread of past steps (log points)."""
    spread = float(np.std(increments, ddof=1)) if len(increments) > 1 else 0.0
    return max(spread, value("error_floor")) * MEAN_ABS_T


def horizon_correlation(horizon: int) -> np.ndarray:
    """Correlation of the errors of two horizons when errors accumulate like a random walk."""
    steps = np.arange(1, horizon + 1)
    return np.sqrt(np.minimum.outer(steps, steps) / np.maximum.outer(steps, steps))


@cache
def unit_errors(name: str, horizon: int, n_paths: int, seed: int, common: float) -> np.ndarray:
    """Errors (horizon, paths) in scales, with t margins: a random walk's correlation in time, `common` between series.

    Every quarter holds the t's own quantiles, in the order of the draws: margins carry no noise. A name has a stream of
    its own, and longer horizons extend shorter ones: what is forecast beside a series does not move it.
    """
    root = np.linalg.cholesky(horizon_correlation(horizon))
    shared, own = (
        root @ rng(seed, f"errors {key}").standard_normal((horizon, n_paths)) for key in ("of all series", name)
    )
    order = np.argsort(np.argsort(np.sqrt(common) * shared + np.sqrt(1 - common) * own, axis=1), axis=1)
    return np.clip(UNIT_T.ppf((order + 0.5) / n_paths), -TAIL_CUT, TAIL_CUT)
