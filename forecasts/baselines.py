"""Parts of the forecasts that every other one is measured against: last value, mean growth and log-drift.

Medians are log levels for horizons 1..`horizon` (log of USD million).
"""

from __future__ import annotations

import numpy as np

from forecasts.panel import History


def last_value(history: History, horizon: int) -> np.ndarray:
    """The newest reported level, repeated."""
    return np.repeat(history.log_level[-1], horizon)


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
