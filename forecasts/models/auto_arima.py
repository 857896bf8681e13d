"""AutoARIMA on the log scale (card: cards/auto_arima.yml)."""

from __future__ import annotations

from functools import cache

import numpy as np

from forecasts.panel import Context, History

MODEL_ID = "auto_arima"
MIN_QUARTERS = 12  # the shortest history that is scored


def path(history: History, context: Context, horizon: int) -> np.ndarray | None:
    """The model that statsforecast's stepwise search picks by AICc on log levels."""
    if len(history) < MIN_QUARTERS:
        return None
    return np.array(_forecast(tuple(history.log_level), horizon))


@cache
def _forecast(log_level: tuple[float, ...], horizon: int) -> np.ndarray:
    """Kept, because between two origins only the company that reported has a new history."""
    from statsforecast.models import AutoARIMA

    # Without seasonal terms: searching them takes 2.5 times as long, and vendors' growth drowns their seasons.
    model = AutoARIMA(season_length=1)
    return np.asarray(model.forecast(y=np.array(log_level), h=horizon)["mean"], dtype=float)
