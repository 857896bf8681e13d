"""Median of four univariate models on the log scale: "SCUM", third on quarterly series in the M4 competition.

Petropoulos and Svetunkov, "A simple combination of univariate models", International Journal of Forecasting 36 (2020).
Season, minimum lengths and the fallback (log-drift) were fixed before any score was looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from multiprocessing import get_context

import numpy as np

from forecasts.assumptions import value

HORIZON = 8
MIN_SEASONAL_QUARTERS = 16  # four of each season, below them the models get none
Key = tuple[tuple[float, ...], int]
# Fits by series and season: between two origins only the company that reported has a new one.
_fits: dict[Key, np.ndarray] = {}


def key(log_level: np.ndarray, season: int) -> Key | None:
    """What identifies a fit; None for a history too short for the four models."""
    if len(log_level) < value("scum_from_quarters"):
        return None
    return tuple(log_level.tolist()), season if len(log_level) >= MIN_SEASONAL_QUARTERS else 1


def path(log_level: np.ndarray, season: int) -> np.ndarray | None:
    """Median over AutoETS, CES, AutoARIMA and DOTM at each of eight quarters; None where `key` is."""
    name = key(log_level, season)
    if name is None:
        return None
    if name not in _fits:
        _fits[name] = fit(name)
    return _fits[name]


def fit(name: Key) -> np.ndarray:
    """One fit; all defaults of statsforecast but the season, and additive seasons because levels are logs."""
    from statsforecast.models import AutoARIMA, AutoCES, AutoETS, DynamicOptimizedTheta

    level, season = np.array(name[0]), name[1]
    models = (
        AutoETS(season_length=season),
        AutoCES(season_length=season),
        AutoARIMA(season_length=season),
        DynamicOptimizedTheta(season_length=season, decomposition_type="additive"),
    )
    found = np.stack([np.asarray(model.forecast(y=level, h=HORIZON)["mean"], dtype=float) for model in models])
    return np.nanmedian(np.where(np.isfinite(found), found, np.nan), axis=0)


def prepare(names: Iterable[Key], n_jobs: int, progress: Callable[[int, int], None] | None = None) -> None:
    """Fit many at once; they are remembered. `progress(done, all)` is called as they arrive."""
    missing = [name for name in dict.fromkeys(names) if name not in _fits]
    with ProcessPoolExecutor(n_jobs, get_context("spawn")) if n_jobs > 1 and missing else nullcontext() as pool:
        for done, found in enumerate(pool.map(fit, missing) if pool else map(fit, missing), start=1):
            _fits[missing[done - 1]] = found
            if progress is not None:
                progress(done, len(missing))
