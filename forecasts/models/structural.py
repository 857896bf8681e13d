"""Growth that fades to a mature rate: the model for horizons beyond a year (card: cards/structural.yml)."""

from __future__ import annotations

import numpy as np

from forecasts.baselines import mean_growth
from forecasts.panel import QUARTERS_PER_YEAR, Context, History

MODEL_ID = "structural"
# forecasting_methods.md, part C, "Explosion and the budget constraint": quarterly growth decays to 2% with a half-life
# of 6-8 quarters; judgement. Eight: the slow end stays nearest to what the backtest supports.
MATURE_GROWTH = float(np.log(1.02))
HALF_LIFE_QUARTERS = 8.0
# Weight of the last four quarters in the starting growth, the rest is the mean of the history; judgement: even.
RECENT_WEIGHT = 0.5


def fading(start: float, horizon: int, half_life: float = HALF_LIFE_QUARTERS) -> np.ndarray:
    """Quarterly log growth for horizons 1..horizon, from `start` towards the mature rate."""
    return MATURE_GROWTH + (start - MATURE_GROWTH) * 0.5 ** (np.arange(horizon) / half_life)


def path(history: History, context: Context, horizon: int) -> np.ndarray:
    """The last level, growing at a rate that fades from recent growth to 2% a quarter."""
    steps = history.increments
    recent = float(steps[-QUARTERS_PER_YEAR:].mean()) if len(steps) else MATURE_GROWTH
    start = RECENT_WEIGHT * recent + (1 - RECENT_WEIGHT) * mean_growth(history)
    return history.log_level[-1] + np.cumsum(fading(start, horizon))
