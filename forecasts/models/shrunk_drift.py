"""Log-drift shrunk towards the mean growth of the panel (card: cards/shrunk_drift.yml)."""

from __future__ import annotations

import numpy as np

from forecasts.baselines import drift, mean_growth
from forecasts.panel import Context, History, targets

MODEL_ID = "shrunk_drift"
# Pseudo-quarters that the panel's growth counts for; judgement: two years (forecasting_methods.md, part C, used eight).
PSEUDO_QUARTERS = 8


def path(history: History, context: Context, horizon: int) -> np.ndarray:
    """Own mean growth and the mean growth of the other series of the same pool, weighted by quarters."""
    pool = targets()[history.entity_id].error_pool
    peers = [
        mean_growth(context.histories[key])
        for key, target in targets().items()
        if key != history.entity_id
        and target.error_pool == pool
        and key in context.histories
        and len(context.histories[key]) > PSEUDO_QUARTERS
    ]
    own, n = mean_growth(history), len(history.increments)
    growth = (n * own + PSEUDO_QUARTERS * float(np.mean(peers))) / (n + PSEUDO_QUARTERS) if peers else own
    return drift(history, growth, horizon)
