"""Seasonal naive: the same quarter of last year (card: cards/seasonal_naive.yml)."""

from __future__ import annotations

import numpy as np

from forecasts.baselines import same_quarter_last_year, seasonal_steps, symmetrised
from forecasts.panel import QUARTERS_PER_YEAR, Context, History

MODEL_ID = "seasonal_naive"


def path(history: History, context: Context, horizon: int) -> np.ndarray | None:
    """The level of the same quarter of the last reported year."""
    return same_quarter_last_year(history, horizon)


def errors(history: History, horizon: int, rng: np.random.Generator, n: int) -> np.ndarray:
    """Simulated log errors, shape (horizon, n): one past yearly step of random sign per year ahead."""
    steps = symmetrised(seasonal_steps(history))
    if not len(steps):
        steps = symmetrised(history.increments)
    years = -(-horizon // QUARTERS_PER_YEAR)
    return np.repeat(rng.choice(steps, size=(years, n)).cumsum(axis=0), QUARTERS_PER_YEAR, axis=0)[:horizon]
