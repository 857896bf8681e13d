"""The forecasts every other one is measured against: last value, same quarter last year, log-drift, shrunk drift.

All functions take a `History` and return median log levels for horizons 1..`horizon` (log of USD million), and, for
the two naive ones, the symmetrised past increments from which their intervals come (the baseline of forecast hubs).
"""

from __future__ import annotations

import numpy as np

from forecasts.panel import QUARTERS_PER_YEAR, History


def last_value(history: History, horizon: int) -> np.ndarray:
    """The newest reported level, repeated."""
    return np.repeat(history.log_level[-1], horizon)


def same_quarter_last_year(history: History, horizon: int) -> np.ndarray | None:
    """The level of the same quarter of the last reported year, repeated each year."""
    if len(history) < QUARTERS_PER_YEAR:
        return None
    return np.resize(history.log_level[-QUARTERS_PER_YEAR:], horizon)


def mean_growth(history: History) -> float:
    """Mean quarterly log growth over the whole history, steps across definitions left out."""
    steps = history.increments
    return float(steps.mean()) if len(steps) else 0.0


def drift(history: History, growth: float, horizon: int) -> np.ndarray:
    """The newest level continued at `growth` log points a quarter."""
    return history.log_level[-1] + growth * np.arange(1, horizon + 1)


def symmetrised(steps: np.ndarray) -> np.ndarray:
    """Past steps and their mirror images: a distribution around zero, as the hub baseline uses."""
    return np.concatenate([steps, -steps])


def seasonal_steps(history: History) -> np.ndarray:
    """Log changes over four quarters that do not cross a change of definition."""
    if len(history) <= QUARTERS_PER_YEAR:
        return np.array([])
    crossings = np.convolve(history.is_break, np.ones(QUARTERS_PER_YEAR), "valid")[1:] > 0
    return (history.log_level[QUARTERS_PER_YEAR:] - history.log_level[:-QUARTERS_PER_YEAR])[~crossings]
