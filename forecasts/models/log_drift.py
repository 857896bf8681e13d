"""Log-drift over the full history (card: cards/log_drift.yml)."""

from __future__ import annotations

import numpy as np

from forecasts.baselines import drift, mean_growth
from forecasts.panel import Context, History

MODEL_ID = "log_drift"


def path(history: History, context: Context, horizon: int) -> np.ndarray:
    """The last level, growing at the mean log growth of the whole history."""
    return drift(history, mean_growth(history), horizon)
