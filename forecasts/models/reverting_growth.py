"""Recent growth that reverts to its long-run mean (card: cards/reverting_growth.yml)."""

from __future__ import annotations

import numpy as np

from forecasts.baselines import mean_growth
from forecasts.panel import QUARTERS_PER_YEAR, Context, History

MODEL_ID = "reverting_growth"
# Share of the gap to the long-run mean that survives a quarter: the prototype's .7 (forecasting_methods.md, part C).
PERSISTENCE = 0.7


def path(history: History, context: Context, horizon: int) -> np.ndarray:
    """Growth starts at the mean of the last four quarters and decays geometrically to the mean of the history."""
    long_run = mean_growth(history)
    recent = float(history.increments[-QUARTERS_PER_YEAR:].mean()) if len(history.increments) else 0.0
    growth = long_run + (recent - long_run) * PERSISTENCE ** np.arange(1, horizon + 1)
    return history.log_level[-1] + np.cumsum(growth)
