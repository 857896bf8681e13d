"""Median forecasts at every past report date, beside what then happened: the material of intervals and scores."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from forecasts import intervals
from forecasts.assumptions import value
from forecasts.centre import HORIZONS
from forecasts.models import registry
from forecasts.panel import Context, Panel, Series, quarter_label, targets

NEVER = np.datetime64("2200-01-01")
COLUMNS = ["entity_id", "origin_date", "n_history", "last_quarter", "log_last", "last_recalled", "step_abs_error"]
CENTRE = "unbounded"  # the recommended model's median before the spending ceiling: its errors give the scales


@dataclass(frozen=True)
class Records:
    """One row per series and report date. Levels are logs of USD million; arrays are (rows, eight)."""

    rows: pd.DataFrame  # COLUMNS
    medians: Mapping[str, np.ndarray]  # by model; NaN where it has nothing to say
    truth: np.ndarray  # NaN where not (yet) reported
    known_on: np.ndarray  # datetime64[D], NEVER where not reported
    crosses: np.ndarray  # bool: origin and outcome are under different definitions
    recalled: np.ndarray  # bool: the outcome was recalled or estimated

    def of_target(self, attribute: str) -> np.ndarray:
        """An attribute of each row's target."""
        return np.array([getattr(targets()[key], attribute) for key in self.rows["entity_id"]])

    @property
    def is_scored(self) -> np.ndarray:
        """Rows with at least the target's minimum history."""
        return self.rows["n_history"].to_numpy(int) >= self.of_target("min_history")


def origins(series: Series) -> list[date]:
    """Dates on which the newest reported quarter of a series moved on."""
    frame = pd.DataFrame({"on": series.reported_on, "quarter": series.quarters}).groupby("on")["quarter"].max().cummax()
    return [stamp.date() for stamp in frame[frame.diff().fillna(1) > 0].index]


def head(panel: Panel, context: Context, entity_id: str) -> dict:
    """The columns COLUMNS of one series at one origin."""
    past, series = context.histories[entity_id], panel.series[entity_id]
    return dict(
        entity_id=entity_id,
        origin_date=pd.Timestamp(context.origin),
        n_history=len(past),
        last_quarter=quarter_label(int(past.quarters[-1])),
        log_last=float(past.log_level[-1]),
        last_recalled=bool(series.recalled[series.quarters == past.quarters[-1]][0]),
        step_abs_error=intervals.step_abs_error(past.increments),
    )


def build(panel: Panel, days: Iterable[tuple[Context, Mapping[str, np.ndarray]]]) -> Records:
    """Records of the series that reported on each day; a day is what was known then and what `centres` gave from it."""
    heads, truths, others = [], [], []
    medians: dict[str, list[np.ndarray]] = {name: [] for name in (*registry(), CENTRE)}
    reports = {key: set(origins(panel.series[key])) for key in targets() if key in panel.series}
    for context, centre in days:
        for key in centre:
            past = context.histories[key]
            if context.origin not in reports[key] or len(past) < value("evidence_from_quarters"):
                continue
            heads.append(head(panel, context, key))
            for name, model in registry().items():
                path = model(past, context, HORIZONS)
                medians[name].append(np.full(HORIZONS, np.nan) if path is None else path)
            medians[CENTRE].append(centre[key])
            truth, *rest = _outcomes(panel.series[key], int(past.quarters[-1]), past.definition)
            truths.append(truth)
            others.append(rest)
    shape = (len(heads), HORIZONS)
    known, crosses, recalled = zip(*others, strict=True) if others else ((), (), ())
    return Records(
        rows=pd.DataFrame(heads, columns=COLUMNS),
        medians={name: np.array(rows, float).reshape(shape) for name, rows in medians.items()},
        truth=np.array(truths, float).reshape(shape),
        known_on=np.array(known, "datetime64[D]").reshape(shape),
        crosses=np.array(crosses, bool).reshape(shape),
        recalled=np.array(recalled, bool).reshape(shape),
    )


def _outcomes(series: Series, last: int, definition: str) -> tuple[np.ndarray, ...]:
    """Log value, day it was reported, change of definition, recalled, of the eight quarters after `last`."""
    at = {int(quarter): index for index, quarter in enumerate(series.quarters)}
    found = [at.get(last + h) for h in range(1, HORIZONS + 1)]
    return (
        np.array([np.nan if i is None else np.log(series.values[i]) for i in found]),
        np.array([NEVER if i is None else series.reported_on[i] for i in found]),
        np.array([i is not None and series.definitions[i] != definition for i in found]),
        np.array([i is not None and bool(series.recalled[i]) for i in found]),
    )


def known(past: Records, at: pd.DataFrame, h: int) -> np.ndarray:
    """Which outcomes of `past`, h + 1 quarters ahead, each row of `at` may learn from, (rows, sources).

    Reported by the row's origin, and of the same pool. An outcome under a new definition counts like any other: that a
    series is redefined is part of what may happen to it.
    """
    pool = [np.array([targets()[key].error_pool for key in rows["entity_id"]]) for rows in (at, past.rows)]
    in_time = past.known_on[None, :, h] <= at["origin_date"].to_numpy("datetime64[D]")[:, None]
    return in_time & np.isfinite(past.truth[:, h]) & (pool[0][:, None] == pool[1][None, :])


def scales(past: Records, model_id: str, at: pd.DataFrame) -> np.ndarray:
    """Scales (rows of `at`, eight) of a model's log errors, each from outcomes known at that row's origin.

    `at` has the columns COLUMNS.
    """
    same = at["entity_id"].to_numpy()[:, None] == past.rows["entity_id"].to_numpy()[None, :]
    owner = [np.array([targets()[key].owner for key in rows["entity_id"]]) for rows in (at, past.rows)]
    others = owner[0][:, None] != owner[1][None, :]
    start = at["step_abs_error"].to_numpy(float)
    found = []
    for h in range(HORIZONS):
        errors = np.abs(past.truth[:, h] - past.medians[model_id][:, h])
        usable = known(past, at, h) & np.isfinite(errors)
        found.append(intervals.scale(errors, usable & same, usable & others, h + 1, start * np.sqrt(h + 1)))
    return np.stack(found, axis=-1)


def headline(records: Records) -> np.ndarray:
    """(rows, horizons): scored rows from the first origin at which an error of that horizon was known in the pool.

    An error within one definition, as when the sample was set.
    """
    scored = records.is_scored
    found = [(known(records, records.rows, h) & scored & ~records.crosses[:, h]).any(axis=1) for h in range(HORIZONS)]
    return np.stack(found, axis=-1) & scored[:, None]


def none() -> Records:
    """No past: what a forecast without a backtest rests on."""
    empty = np.empty((0, HORIZONS))
    rows = pd.DataFrame({name: [] for name in COLUMNS}).astype({"origin_date": "datetime64[us]", "n_history": int})
    never = empty.astype("datetime64[D]")
    return Records(rows, {name: empty for name in (*registry(), CENTRE)}, empty, never, empty > 0, empty > 0)
