"""What all compute tables share: the paths of a scenario, the periods to publish, the stamp on every row.

Belongs here: keys, what every row carries. Does not belong here: equations, tables (demand_tables.py, supply_tables.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd

from forecasts import assumptions, quantiles
from forecasts.outlook import Fleet
from forecasts.scenarios import BASE

PUBLISHED_FROM = 2023  # shares have no anchor before


@dataclass(frozen=True)
class Paths:
    """One scenario: the fleet on its grid; share, demand and reconciliation on the quarters from 2023."""

    fleet: Fleet
    share: np.ndarray | None = None
    demand: dict[str, dict[str, np.ndarray]] = field(default_factory=dict)
    reconciliation: dict[str, np.ndarray] = field(default_factory=dict)

    @property
    def share_grid(self) -> pd.PeriodIndex:
        """Quarters of share, demand and reconciliation."""
        return self.fleet.grid[-len(self.share) :] if self.share is not None else self.fleet.grid[:0]

    @property
    def n_past(self) -> int:
        """How many quarters of share_grid have been reported."""
        return len(self.share_grid) - (len(self.fleet.grid) - self.fleet.n_history)


# Keys, one row per period, their paths, and what all of its rows carry.
Part = tuple[pd.DataFrame, np.ndarray, dict[str, str]]


@dataclass(frozen=True)
class Tag:
    """What every row of an origin carries."""

    origin: date
    rows: pd.DataFrame

    def stamp(self, frame: pd.DataFrame, table: str) -> pd.DataFrame:
        """The frame with origin_date, evidence_class and uses_hindsight_assumption (of `table`) set."""
        out = frame.copy()
        base = out["scenario_id"] == BASE if "scenario_id" in out else pd.Series(True, index=out.index)
        out["origin_date"] = pd.Timestamp(self.origin)
        out["evidence_class"] = np.where(base, "anchored_prior", "scenario")
        out["uses_hindsight_assumption"] = assumptions.hindsight(self.rows, table)
        return out

    def table(self, parts: list[Part], table: str) -> pd.DataFrame:
        """One stamped wide table from its parts, without their horizon; nothing without parts."""
        if not parts:
            return pd.DataFrame()
        return self.stamp(quantiles.wide(*joined(parts)).drop(columns="horizon"), table)


def joined(parts: list[Part]) -> tuple[pd.DataFrame, np.ndarray]:
    """Keys and paths of all parts. Frames of pandas are slow to make: one, not hundreds, halves a run's time."""
    sizes = [len(keys) for keys, _, _ in parts]
    carried = {name: np.repeat([labels[name] for *_, labels in parts], sizes) for name in parts[0][2]}
    keys = pd.concat([keys for keys, _, _ in parts], ignore_index=True)
    return keys.assign(**carried), np.concatenate([paths for _, paths, _ in parts])


def periods(grid: pd.PeriodIndex, n_past: int, scenario_id: str, how: str) -> tuple[pd.DataFrame, list[np.ndarray]]:
    """Rows to publish (quarters, then calendar years) and, per row, the grid positions it is made of.

    Base has history from PUBLISHED_FROM; a scenario starts with the first quarter not yet reported. `how`: 'sum' or
    'end'. horizon counts quarters from the last reported one.
    """
    years = np.asarray(grid.year)
    rows, places = [], []
    for i, (quarter, end) in enumerate(zip(grid.astype(str), grid.end_time.normalize(), strict=True)):
        if years[i] >= PUBLISHED_FROM and (scenario_id == BASE or i >= n_past):
            rows.append((quarter, end, "quarter", i - n_past + 1))
            places.append(np.array([i]))
    for year in np.unique(years):
        where = np.flatnonzero(years == year)
        if len(where) == 4 and year >= PUBLISHED_FROM and (scenario_id == BASE or where[-1] >= n_past):
            rows.append((str(year), pd.Timestamp(int(year), 12, 31), "calendar_year", int(where[-1]) - n_past + 1))
            places.append(where if how == "sum" else where[-1:])
    keys = pd.DataFrame(rows, columns=["target_period", "target_end_date", "period_kind", "horizon"])
    keys.insert(0, "scenario_id", scenario_id)
    return keys, places


def gather(values: np.ndarray, places: list[np.ndarray]) -> np.ndarray:
    """Sums of grid rows per published row: (rows, paths)."""
    return np.stack([values[p].sum(axis=0) for p in places])


Runs = Mapping[str, Paths]
