"""Dynamic optimised Theta on the log scale (card: cards/dotm_theta.yml)."""

from __future__ import annotations

import numpy as np

from forecasts.panel import QUARTERS_PER_YEAR, Context, History

MODEL_ID = "dotm_theta"
MIN_QUARTERS = 8  # two seasons, which the seasonality test of the model needs


def path(history: History, context: Context, horizon: int) -> np.ndarray | None:
    """DOTM of statsforecast on log levels; it deseasonalises only where its own test finds a season."""
    from statsforecast.models import DynamicOptimizedTheta

    if len(history) < MIN_QUARTERS:
        return None
    model = DynamicOptimizedTheta(season_length=QUARTERS_PER_YEAR, decomposition_type="additive")
    return np.asarray(model.forecast(y=history.log_level, h=horizon)["mean"], dtype=float)
