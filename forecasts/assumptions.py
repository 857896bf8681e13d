"""Assumptions as data: `assumptions.yml`, its draws, its settings and its table.

Belongs here: loading, choosing the vintage for an origin, sampling so that p10, p50 and p90 are met exactly.
Does not belong here: what an assumption is used for. Whoever needs a number that moves a result asks here for it.
"""

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from zlib import crc32

import numpy as np
import pandas as pd
import yaml
from scipy.special import ndtri

SEED = 20261124
Z90 = float(ndtri(0.9))
LEVELS = ("p10", "p50", "p90")
LEVEL_Z = {"p10": -Z90, "p50": 0.0, "p90": Z90}
FIXED = "fixed"  # distribution of a setting: one value on every path
Draws = Mapping[str, np.ndarray]


def rng(seed: int, name: str) -> np.random.Generator:
    """A stream of its own per name: fixing one assumption leaves all other draws as they were."""
    return np.random.default_rng([seed, crc32(name.encode())])


@cache
def entries() -> tuple[dict, ...]:
    """The file as it stands: one mapping per parameter and vintage; a setting's `value` is its p10, p50 and p90."""
    text = Path(__file__).with_name("assumptions.yml").read_text(encoding="utf-8")
    rows = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return tuple(
        {**dict.fromkeys(LEVELS, row["value"]), "distribution": FIXED, "direction": {}, **row}
        if "value" in row
        else row
        for row in rows
    )


@cache
def settings() -> Mapping[str, float]:
    """The value of every setting, the same at every origin."""
    return {row["parameter_id"]: row["value"] for row in entries() if "value" in row}


def value(parameter_id: str) -> float:
    """A setting's value in its unit; what is uncertain has draws instead (KeyError here)."""
    return settings()[parameter_id]


@cache
def known_from(parameter_id: str) -> date:
    """The day from which the first vintage of a parameter could be known."""
    return min(row["known_from"] for row in entries() if row["parameter_id"] == parameter_id)


def load(origin: date) -> pd.DataFrame:
    """One row per parameter: the newest vintage known at the origin, else the earliest later one (then hindsight)."""
    rows = pd.DataFrame(entries()).drop(columns="value")
    rows["known_from"] = pd.to_datetime(rows["known_from"])
    rows["uses_hindsight_assumption"] = rows["known_from"] > pd.Timestamp(origin)
    # known vintages first, newest on top; among later ones the earliest
    age = (pd.Timestamp(origin) - rows["known_from"]).abs()
    order = rows.assign(age=age).sort_values(["uses_hindsight_assumption", "age"], kind="stable")
    chosen = order.drop_duplicates("parameter_id").drop(columns="age")
    return chosen.sort_index().reset_index(drop=True)


def logit(p: np.ndarray) -> np.ndarray:
    """Log odds."""
    return np.log(p / (1 - p))


def expit(x: np.ndarray) -> np.ndarray:
    """Shares from log odds."""
    return 1 / (1 + np.exp(-x))


# The named scales, there and back; any other is the value's own.
SCALES: dict[str, tuple[Callable, Callable]] = {"lognormal": (np.log, np.exp), "logit": (logit, expit)}


def from_z(row: Mapping, z: np.ndarray) -> np.ndarray:
    """Values at standard normal scores `z`: two half-normals on the named scale, joined at the median."""
    there, back = SCALES.get(row["distribution"], (np.asarray, np.asarray))
    low, mid, high = (there(row[level]) for level in LEVELS)
    return back(mid + np.where(z < 0, mid - low, high - mid) / Z90 * z)


def is_uncertain(rows: pd.DataFrame) -> pd.Series:
    """Which rows are priors, not settings."""
    return rows["distribution"] != FIXED


def draw(rows: pd.DataFrame, n_paths: int, seed: int = SEED, fixed: Mapping[str, str] | None = None) -> Draws:
    """Draws per parameter (n_paths each, in the parameter's unit); `fixed` holds some at 'p10', 'p50' or 'p90'."""
    fixed = fixed or {}
    draws = {}
    for row in rows.to_dict("records"):
        name = row["parameter_id"]
        level = fixed.get(name)
        z = np.full(n_paths, LEVEL_Z[level]) if level else rng(seed, name).standard_normal(n_paths)
        draws[name] = from_z(row, z)
    return draws


def frame(rows: pd.DataFrame, origin: date) -> pd.DataFrame:
    """`forecast.assumptions`: parameter_id, p10, p50, p90, unit, distribution, source, rationale, known_from,
    used_by (comma separated tables), direction (what rises '+' or falls '-' from p10 to p90; empty for a setting, whose
    distribution is 'fixed' and whose p10, p50 and p90 are one value), uses_hindsight_assumption, origin_date."""
    out = rows.copy()
    out["used_by"] = out["used_by"].map(", ".join)
    out["direction"] = out["direction"].map(lambda d: ", ".join(f"{name} {sign}" for name, sign in d.items()))
    out.insert(0, "origin_date", pd.Timestamp(origin))
    return out


def hindsight(rows: pd.DataFrame, table: str) -> bool:
    """True where any prior that `table` rests on became known only after the origin; settings are today's method."""
    used = rows["used_by"].map(lambda tables: table in tables) & is_uncertain(rows)
    return bool(rows.loc[used, "uses_hindsight_assumption"].any())
