"""From simulated paths to published quantiles: one place for levels, names and rounding."""

from __future__ import annotations

import numpy as np
import pandas as pd

# The 23 levels that forecast hubs ask for (hubverse; CDC COVID-19 forecast hub).
LEVELS = (0.01, 0.025, *(round(0.05 * i, 2) for i in range(1, 20)), 0.975, 0.99)
# The levels of the wide tables.
WIDE_LEVELS = (0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95)
WIDE_COLUMNS = tuple(f"p{round(level * 100):02d}" for level in WIDE_LEVELS)


def of_paths(paths: np.ndarray, levels: tuple[float, ...] = LEVELS) -> np.ndarray:
    """Quantiles of simulated paths: shape (periods, paths) gives (periods, levels)."""
    return np.quantile(paths, levels, axis=-1).T


def long_rows(keys: pd.DataFrame, paths: np.ndarray, levels: tuple[float, ...] = LEVELS) -> pd.DataFrame:
    """Rows of `forecast.quantiles`: every row of `keys` once per level and once for the mean.

    `keys` has one row per period, `paths` has shape (periods, paths) in the unit that `keys.unit` names.
    """
    values = np.column_stack([of_paths(paths, levels), paths.mean(axis=-1)])
    n = len(levels) + 1
    rows = keys.loc[keys.index.repeat(n)].reset_index(drop=True)
    rows["output_type"] = (["quantile"] * len(levels) + ["mean"]) * len(keys)
    rows["output_type_id"] = [*levels, None] * len(keys)
    rows["output_type_id"] = rows["output_type_id"].astype(float)
    rows["value"] = values.reshape(-1)
    return rows


def wide(keys: pd.DataFrame, paths: np.ndarray) -> pd.DataFrame:
    """`keys` with the columns p05 … p95 added, from paths of shape (periods, paths)."""
    return keys.reset_index(drop=True).join(pd.DataFrame(of_paths(paths, WIDE_LEVELS), columns=WIDE_COLUMNS))
