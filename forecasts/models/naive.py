"""Naive: the last value, with empirical increments around it (card: cards/naive.yml)."""

from __future__ import annotations

import numpy as np

from forecasts.baselines import last_value, symmetrised
from forecasts.panel import Context, History

MODEL_ID = "naive"


def path(history: History, context: Context, horizon: int) -> np.ndarray:
    """The last reported level at every horizon."""
    return last_value(history, horizon)


def errors(history: History, horizon: int, rng: np.random.Generator, n: int) -> np.ndarray:
    """Simulated log errors, shape (horizon, n): running sums of past quarterly steps drawn with random sign."""
    return rng.choice(symmetrised(history.increments), size=(horizon, n)).cumsum(axis=0)
