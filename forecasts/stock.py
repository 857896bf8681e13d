"""From shipments to a stock: fiscal periods onto the calendar, deployment, retirement.

Belongs here: linear maps of flows. Does not belong here: how large the flows are (supply.py, outlook.py).
"""

import numpy as np
import pandas as pd
from scipy.special import ndtr

from forecasts.assumptions import Draws, value

POINTS = 9  # within a quarter, over which ages are averaged


def days(values: pd.Series | pd.Index) -> np.ndarray:
    """Whole days since 1970."""
    return values.to_numpy().astype("datetime64[D]").astype(int)


def starts(grid: pd.PeriodIndex) -> np.ndarray:
    """First day of each quarter and of the one after the last, in days since 1970."""
    after = (grid[-1] + 1).start_time
    return days(grid.start_time.append(pd.DatetimeIndex([after])))


def overlap(periods: pd.DataFrame, grid: pd.PeriodIndex) -> np.ndarray:
    """Share of each period's days that fall into each calendar quarter: (quarters, periods)."""
    start, end = days(periods["period_start"]), days(periods["period_end"]) + 1
    edges = starts(grid)[:, None]
    return np.maximum(np.minimum(end, edges[1:]) - np.maximum(start, edges[:-1]), 0) / (end - start)


def kernels(draws: Draws, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Share of a quarter's shipments that is operational, and retired, k quarters later: two arrays (n, paths)."""
    lag, life = draws["deployment_lag_quarters"], draws["economic_life_years"]
    # shipments are spread over their quarter, so age at the quarter's end is averaged over points of it
    age = np.arange(n)[:, None, None] + (np.arange(POINTS)[None, :, None] + 0.5) / POINTS
    deployed = ndtr(np.log(age / lag) / value("deployment_lag_log_sd"))
    alive = np.exp(-((np.maximum(age - lag, 0) / (4 * life)) ** value("retirement_shape")))
    return (deployed * alive).mean(axis=1), (deployed * (1 - alive)).mean(axis=1)


def convolve(flow: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """Stock at quarter ends from a flow: both (quarters, paths)."""
    out = np.zeros_like(flow)
    for k in range(len(flow)):
        out[k:] += flow[: len(flow) - k] * kernel[k]
    return out
