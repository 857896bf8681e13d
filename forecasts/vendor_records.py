"""Point forecasts of every model at every origin, beside what then happened: the material of all learning."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd

from forecasts import intervals
from forecasts.models import pooled_ridge, registry
from forecasts.panel import Panel, Series, quarter_label, targets

HORIZONS = 8
# Origins with fewer quarters than a target's minimum are not scored, but their errors are evidence from here on.
WARM_UP_QUARTERS = 6
NEVER = np.datetime64("2200-01-01")
QUARTER_DAYS = 365.25 / 4
COLUMNS = ["entity_id", "origin_date", "n_history", "last_quarter", "log_last", "last_recalled", "step_abs_error"]


@dataclass(frozen=True)
class Records:
    """One row per series and origin. Levels are logs of USD million; arrays are (rows, [models,] horizons)."""

    rows: pd.DataFrame  # COLUMNS
    models: tuple[str, ...]
    medians: np.ndarray
    truth: np.ndarray  # NaN where not (yet) reported
    known_on: np.ndarray  # datetime64[D], NEVER where not reported
    crosses: np.ndarray  # bool: origin and outcome are under different definitions
    recalled: np.ndarray  # bool: the outcome was recalled or estimated

    @property
    def horizons(self) -> int:
        """Number of horizons."""
        return self.truth.shape[1]

    @property
    def origin(self) -> np.ndarray:
        """Origin dates, datetime64[D]."""
        return self.rows["origin_date"].to_numpy("datetime64[D]")

    def of_target(self, attribute: str) -> np.ndarray:
        """An attribute of each row's target."""
        return np.array([getattr(targets()[key], attribute) for key in self.rows["entity_id"]])

    @property
    def is_scored(self) -> np.ndarray:
        """Rows with at least the target's minimum history."""
        return self.rows["n_history"].to_numpy(int) >= self.of_target("min_history")

    def evidence(self, h: int) -> intervals.Evidence:
        """Who may learn from whom at horizon index `h` (0 is one quarter ahead); worked out once per horizon."""
        if h not in self._evidence:
            self._evidence[h] = self._evidence_at(h)
        return self._evidence[h]

    @cached_property
    def _evidence(self) -> dict[int, intervals.Evidence]:
        return {}

    def _evidence_at(self, h: int) -> intervals.Evidence:
        entity, owner, pool = self.rows["entity_id"].to_numpy(), self.of_target("owner"), self.of_target("error_pool")
        known = (self.known_on[None, :, h] <= self.origin[:, None]) & np.isfinite(self.truth[None, :, h])
        same_pool = pool[:, None] == pool[None, :]
        return intervals.Evidence(
            horizon=h + 1,
            known=known & ~self.crosses[None, :, h] & same_pool,
            own=entity[:, None] == entity[None, :],
            others=same_pool & (owner[:, None] != owner[None, :]),
            age=(self.origin[:, None] - self.known_on[None, :, h]).astype(float) / QUARTER_DAYS,
            start=self.rows["step_abs_error"].to_numpy(float) * np.sqrt(h + 1),
        )

    def median(self, model_id: str) -> np.ndarray:
        """Medians of one model, (rows, horizons)."""
        return self.medians[:, self.models.index(model_id)]


def origins(series: Series) -> list[date]:
    """Dates on which the newest reported quarter of a series moved on."""
    frame = pd.DataFrame({"on": series.reported_on, "quarter": series.quarters}).groupby("on")["quarter"].max().cummax()
    return [stamp.date() for stamp in frame[frame.diff().fillna(1) > 0].index]


def row(panel: Panel, supervised: pd.DataFrame, entity_id: str, origin: date, horizons: int, least: int) -> dict | None:
    """Every model's medians for one series at one origin, with outcomes; None with fewer than `least` quarters."""
    context, series = panel.at(origin, supervised), panel.series[entity_id]
    past = context.histories.get(entity_id)
    if past is None or len(past) < least:
        return None
    paths = (model(past, context, horizons) for model in registry().values())
    medians = np.stack([np.full(horizons, np.nan) if path is None else path for path in paths])
    truth, known_on = np.full(horizons, np.nan), np.full(horizons, NEVER)
    crosses, recalled = np.zeros(horizons, bool), np.zeros(horizons, bool)
    at = {quarter: index for index, quarter in enumerate(series.quarters - past.quarters[-1])}
    for h in range(1, horizons + 1):
        if h in at:
            truth[h - 1], known_on[h - 1] = np.log(series.values[at[h]]), series.reported_on[at[h]]
            crosses[h - 1] = series.definitions[at[h]] != past.definition
            recalled[h - 1] = series.recalled[at[h]]
    head = dict(
        entity_id=entity_id,
        origin_date=pd.Timestamp(origin),
        n_history=len(past),
        last_quarter=quarter_label(int(past.quarters[-1])),
        log_last=float(past.log_level[-1]),
        last_recalled=bool(series.recalled[at[0]]),
        step_abs_error=intervals.step_abs_error(past.increments),
    )
    return dict(head=head, medians=medians, truth=truth, known_on=known_on, crosses=crosses, recalled=recalled)


def build(
    panel: Panel,
    pairs: Iterable[tuple[str, date]],
    horizons: int = HORIZONS,
    least: int = WARM_UP_QUARTERS,
    progress: Callable[[int, int], None] | None = None,
    n_jobs: int = 1,
) -> Records:
    """Records for (entity, origin) pairs; `progress(done, all)` is called as rows arrive. AutoARIMA takes the time."""
    from joblib import Parallel, delayed

    supervised, pairs = pooled_ridge.supervised(panel), list(pairs)
    jobs = (delayed(row)(panel, supervised, entity_id, origin, horizons, least) for entity_id, origin in pairs)
    found = []
    for done, item in enumerate(Parallel(n_jobs=n_jobs, return_as="generator")(jobs), start=1):
        found.append(item)
        if progress is not None:
            progress(done, len(pairs))
    return _stack([item for item in found if item is not None], horizons)


def _stack(found: list[dict], horizons: int) -> Records:
    shape = (len(found), horizons)

    def array(key: str, dtype: object, *more: int) -> np.ndarray:
        if not found:
            return np.empty((0, *more, horizons), dtype=dtype)  # type: ignore[call-overload]
        return np.stack([item[key] for item in found])

    assert all(item["truth"].shape == shape[1:] for item in found)
    return Records(
        rows=pd.DataFrame([item["head"] for item in found], columns=COLUMNS),
        models=tuple(registry()),
        medians=array("medians", float, len(registry())),
        truth=array("truth", float),
        known_on=array("known_on", "datetime64[D]"),
        crosses=array("crosses", bool),
        recalled=array("recalled", bool),
    )


def widen(array: np.ndarray, horizons: int, fill: object) -> np.ndarray:
    """`array` with its last axis extended to `horizons` by `fill`."""
    extra = np.full((*array.shape[:-1], horizons - array.shape[-1]), fill, dtype=array.dtype)
    return np.concatenate([array, extra], axis=-1)


def join(past: Records, now: Records) -> Records:
    """Past rows, then current ones, over the longer of the two horizons; models must be the same."""
    if past.models != now.models:
        raise ValueError(f"backtest was made with other models: {set(past.models) ^ set(now.models)}")
    horizons = max(past.horizons, now.horizons)
    fills = {"medians": np.nan, "truth": np.nan, "known_on": NEVER, "crosses": False, "recalled": False}
    arrays = {
        key: np.concatenate([widen(getattr(part, key), horizons, fill) for part in (past, now)])
        for key, fill in fills.items()
    }
    return Records(rows=pd.concat([past.rows, now.rows], ignore_index=True), models=now.models, **arrays)
