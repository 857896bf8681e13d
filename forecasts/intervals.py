"""From past errors to forecast distributions: t-distributed log errors with pooled, shrunk scales, and paths.

A log error is t with five degrees of freedom around the median path (forecasting_methods.md, part C: shrink-t scored
best of the methods compared). Its scale mixes the series' own past errors with those of other companies.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import scoringrules as sr
from scipy import stats

from forecasts.quantiles import LEVELS

DEGREES_OF_FREEDOM = 5
UNIT_T = stats.t(DEGREES_OF_FREEDOM)
UNIT_QUANTILES = UNIT_T.ppf(LEVELS)
# Mean |T| of a unit t: turns mean absolute errors, which one outlier moves less than squares, into scales.
MEAN_ABS_T = float(2 * UNIT_T.expect(lambda x: x, lb=0))
# Past quarterly steps stand in for two errors of other companies, so that the first origins have a scale; judgement.
START_PSEUDO_ERRORS = 2
# The exponential of a t has no mean; paths are cut where one in two hundred lies beyond, outside the published levels.
TAIL_CUT = float(UNIT_T.ppf(0.995))
MIN_SCALE = 0.01  # floor in log points: an error never seen is not an error impossible; judgement
LOG_STEP_SPREAD = 0.2  # spread of quarterly steps where a history has fewer than three quarters; judgement


@dataclass(frozen=True)
class ScaleRule:
    """How a scale is formed: what other companies' errors count for, how fast errors age, and final factors."""

    pseudo_errors: float = 8.0
    half_life_quarters: float | None = None
    inflation: float = 1.0
    is_scale_unsure: bool = False  # widen for a scale that rests on few independent errors

    @property
    def rule_id(self) -> str:
        """A readable id: 'n8-all-x1', 'n8-hl12-x1.35-unsure'."""
        age = "all" if self.half_life_quarters is None else f"hl{self.half_life_quarters:g}"
        return f"n{self.pseudo_errors:g}-{age}-x{self.inflation:g}{'-unsure' if self.is_scale_unsure else ''}"


# The prototype's: eight pseudo-errors, no ageing. Every single model uses it, so that models differ by centre only.
DEFAULT_RULE = ScaleRule()
# What the loop chooses from for the recommended model, at each origin from earlier origins.
RULES = tuple(
    ScaleRule(pseudo, half_life, inflation, is_scale_unsure)
    for pseudo in (4.0, 8.0, 16.0)
    for half_life in (None, 12.0)
    for inflation in (0.8, 0.9, 1.0, 1.1, 1.2, 1.35, 1.5)
    for is_scale_unsure in (False, True)
)


@dataclass(frozen=True)
class Evidence:
    """Which past records (columns) each record (row) may learn from at one horizon."""

    horizon: int
    known: np.ndarray  # (rows, rows) bool: the outcome was reported by the row's origin, within one definition
    own: np.ndarray  # (rows, rows) bool: same series
    others: np.ndarray  # (rows, rows) bool: same pool, another company
    age: np.ndarray  # (rows, rows) quarters since the outcome was reported
    start: np.ndarray  # (rows,) mean absolute error that past quarterly steps suggest


def scales(abs_errors: np.ndarray, evidence: Evidence, rule: ScaleRule = DEFAULT_RULE) -> np.ndarray:
    """Scale of the log error (rows, candidates) from absolute log errors of the same shape; NaN where none."""
    return scales_by_rule(abs_errors, evidence, (rule,))[0]


def scales_by_rule(abs_errors: np.ndarray, evidence: Evidence, rules: Sequence[ScaleRule]) -> list[np.ndarray]:
    """The same under each of several rules; what rules share (the weights by age, the widening) is computed once."""
    present = np.isfinite(abs_errors)
    values = np.where(present, abs_errors, 0.0)

    @cache
    def sums(half_life: float | None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        weight = evidence.known.astype(float)
        if half_life is not None:
            weight = weight * 0.5 ** (np.maximum(evidence.age, 0.0) / half_life)
        own, others = weight * evidence.own, weight * evidence.others
        start = START_PSEUDO_ERRORS * evidence.start[:, None]
        pooled = (start + others @ values) / (START_PSEUDO_ERRORS + others @ present)
        return pooled, own @ values, own @ present

    @cache
    def widening(pseudo_errors: float, half_life: float | None) -> np.ndarray:
        n = pseudo_errors + sums(half_life)[2]
        return stats.t.ppf(0.9, np.clip(n / evidence.horizon, 1, DEGREES_OF_FREEDOM))

    def of_rule(rule: ScaleRule) -> np.ndarray:
        pooled, own_sum, own_count = sums(rule.half_life_quarters)
        n = rule.pseudo_errors + own_count
        scale = (rule.pseudo_errors * pooled + own_sum) / n / MEAN_ABS_T
        # Errors h quarters ahead overlap, so n of them are worth n/h: a new error has variance (1 + h/n) times the
        # estimate.
        scale = np.maximum(scale * np.sqrt(1 + evidence.horizon / n), MIN_SCALE) * rule.inflation
        if rule.is_scale_unsure:
            # The predictive t of a scale estimated from n/h errors; matched at its 90% point, where the 80% interval ends.
            scale = scale * widening(rule.pseudo_errors, rule.half_life_quarters) / UNIT_T.ppf(0.9)
        return scale

    return [of_rule(rule) for rule in rules]


def step_abs_error(increments: np.ndarray) -> float:
    """Mean absolute one-quarter error of a random walk with the spread of past steps (log points)."""
    spread = float(np.std(increments, ddof=1)) if len(increments) > 1 else LOG_STEP_SPREAD
    return max(spread, MIN_SCALE) * MEAN_ABS_T


@cache
def _score_table() -> tuple[np.ndarray, np.ndarray]:
    """Errors in scales, and the weighted interval score of a unit t at each."""
    grid = np.concatenate([-np.geomspace(500, 1e-3, 4000), [0.0], np.geomspace(1e-3, 500, 4000)])
    quantiles = np.broadcast_to(UNIT_QUANTILES, (len(grid), len(LEVELS)))
    return grid, np.asarray(sr.crps_quantile(grid, quantiles, np.array(LEVELS)))


def log_wis(errors: np.ndarray, scale: np.ndarray) -> np.ndarray:
    """Weighted interval score (mean of pinball losses × 2) of t forecasts on the log scale, at LEVELS."""
    grid, score = _score_table()
    return scale * np.interp(errors / scale, grid, score)


def horizon_correlation(horizon: int) -> np.ndarray:
    """Correlation of the errors of two horizons when errors accumulate like a random walk."""
    steps = np.arange(1, horizon + 1)
    return np.sqrt(np.minimum.outer(steps, steps) / np.maximum.outer(steps, steps))


def normals(n_series: int, horizon: int, n_paths: int, common: float, rng: np.random.Generator) -> np.ndarray:
    """Standard normal scores (series, horizon, paths): random-walk correlation in time, `common` between series."""
    root = np.linalg.cholesky(horizon_correlation(horizon))
    shared = root @ rng.standard_normal((horizon, n_paths))
    own = np.einsum("hk,skp->shp", root, rng.standard_normal((n_series, horizon, n_paths)))
    return np.sqrt(common) * shared + np.sqrt(1 - common) * own


def errors_from(scores: np.ndarray, scale: np.ndarray) -> np.ndarray:
    """Log errors with t margins from normal scores (..., horizon, paths); `scale` is (..., horizon)."""
    return np.clip(UNIT_T.ppf(stats.norm.cdf(scores)), -TAIL_CUT, TAIL_CUT) * scale[..., None]
