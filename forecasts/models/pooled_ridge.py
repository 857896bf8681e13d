"""One ridge regression over all series: past growth, volatility and filed capex leads (card: cards/pooled_ridge.yml)."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from forecasts.panel import QUARTERS_PER_YEAR, Context, History, Panel, targets

MODEL_ID = "pooled_ridge"
FEATURES = ["growth_1", "growth_2", "growth_3", "growth_4", "growth_all", "volatility", "capex_year", "capex_quarter"]
HORIZONS = 8
MIN_QUARTERS = 6  # four lags and two steps more for a mean and a spread
MIN_ROWS = 30  # about four rows per coefficient
ALPHA = 10.0  # judgement: on standardised features, shrinks a coefficient by a tenth at 100 rows


def features(history: History, context: Context) -> np.ndarray | None:
    """Log growth of the last four quarters, its mean and spread, and growth of the capex filed by the origin."""
    steps = np.diff(history.log_level)
    if len(history) < MIN_QUARTERS:
        return None
    return np.array([*steps[-4:][::-1], steps.mean(), steps.std(), *_capex_growth(context)])


def _capex_growth(context: Context) -> tuple[float, float]:
    """Log growth of filed capex over a year and over a quarter, mean over companies; zeros when none is known."""
    paths = [
        context.histories[key].log_level
        for key, target in targets().items()
        if target.is_capex and key in context.histories and len(context.histories[key]) > QUARTERS_PER_YEAR
    ]
    if not paths:
        return 0.0, 0.0
    year = [level[-1] - level[-1 - QUARTERS_PER_YEAR] for level in paths]
    # A quarter's growth is seasonal (December peaks), so it is taken over two halves of a year.
    half = [level[-2:].mean() - level[-4:-2].mean() for level in paths]
    return float(np.mean(year)), float(np.mean(half))


def supervised(panel: Panel) -> pd.DataFrame:
    """One row per series, past origin and horizon: features as known then, outcome, and the day it became known."""
    # Companies report on the same days, and the context of a day is the same for all.
    at_day = cache(panel.at)
    rows = []
    for key in targets():
        series = panel.series.get(key)
        if series is None:
            continue
        for origin in np.unique(series.reported_on):
            context = at_day(origin.astype(object))
            past = context.histories[key]
            found = features(past, context)
            if found is None:
                continue
            for h in range(1, HORIZONS + 1):
                at = np.flatnonzero(series.quarters == past.quarters[-1] + h)
                if len(at) and series.definitions[at[0]] == past.definition:
                    outcome = float(np.log(series.values[at[0]]) - past.log_level[-1])
                    rows.append((key, h, pd.Timestamp(series.reported_on[at[0]]), outcome, *found))
    return pd.DataFrame(rows, columns=["entity_id", "horizon", "outcome_known_on", "outcome", *FEATURES])


def path(history: History, context: Context, horizon: int) -> np.ndarray | None:
    """Direct forecasts of cumulative growth, one regression per horizon; beyond eight quarters the last step repeats."""
    from sklearn.linear_model import Ridge
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    now = features(history, context)
    if now is None or not len(context.supervised):
        return None
    growth: list[float] = []
    for h in range(1, min(horizon, HORIZONS) + 1):
        rows = context.supervised[context.supervised["horizon"] == h]
        if len(rows) < MIN_ROWS:
            return None
        model = make_pipeline(StandardScaler(), Ridge(alpha=ALPHA))
        model.fit(rows[FEATURES].to_numpy(), rows["outcome"].to_numpy())
        growth.append(float(model.predict(now[None])[0]))
    step = growth[-1] - growth[-2] if len(growth) > 1 else 0.0
    tail = growth[-1] + step * np.arange(1, horizon - len(growth) + 1)
    return history.log_level[-1] + np.concatenate([growth, tail])
