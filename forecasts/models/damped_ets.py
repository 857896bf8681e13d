"""Exponential smoothing with a damped additive trend on the log scale (card: cards/damped_ets.yml)."""

from __future__ import annotations

import numpy as np

from forecasts.panel import Context, History

MODEL_ID = "damped_ets"
MIN_QUARTERS = 10  # statsforecast refuses fewer for a damped trend


def path(history: History, context: Context, horizon: int) -> np.ndarray | None:
    """ETS(A,Ad,N) of statsforecast on log levels."""
    from statsforecast.models import AutoETS

    if len(history) < MIN_QUARTERS:
        return None
    model = AutoETS(season_length=1, model="AAN", damped=True)
    return np.asarray(model.forecast(y=history.log_level, h=horizon)["mean"], dtype=float)
