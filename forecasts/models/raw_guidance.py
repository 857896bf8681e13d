"""The issuer's midpoint as it stands: the benchmark that the guidance model has to beat (card: cards/raw_guidance.yml)."""

from __future__ import annotations

import numpy as np

from forecasts.guided import midpoints
from forecasts.panel import Context, History, targets
from forecasts.vendor_calendar import fiscal_label

MODEL_ID = "raw_guidance"


def path(history: History, context: Context, horizon: int) -> np.ndarray | None:
    """Log midpoint of each guided quarter, NaN elsewhere; only for series that are guided themselves."""
    target = targets()[history.entity_id]
    if target.is_capex or "share_of" in target.guidance:
        return None
    labels = [fiscal_label(history.fiscal_period, h) for h in range(1, horizon + 1)]
    mids = midpoints(context, target).reindex(labels).to_numpy(float)
    return np.log(mids) if np.isfinite(mids).any() else None
