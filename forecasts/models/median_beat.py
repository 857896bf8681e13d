"""Guidance × the issuer's own median beat: the plain alternative to the learned one (card: cards/median_beat.yml)."""

from __future__ import annotations

import numpy as np

from forecasts import guided
from forecasts.panel import Context, History

MODEL_ID = "median_beat"


def path(history: History, context: Context, horizon: int) -> np.ndarray | None:
    """Log level of each guided quarter, NaN beyond; None where nothing is guided."""
    ahead = guided.revenue(context, is_learned=False).get(history.entity_id, np.array([]))[:horizon]
    return np.concatenate([ahead, np.full(horizon - len(ahead), np.nan)]) if len(ahead) else None
