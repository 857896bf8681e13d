"""The series to forecast, as the public knew them at an origin date.

One door for data: `Panel.at(origin)` drops every row reported after the origin, so nothing behind it can look ahead.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml

from forecasts.assumptions import value

TASKS = Path(__file__).with_name("tasks.yml")
QUARTERS_PER_YEAR = 4


@dataclass(frozen=True)
class Target:
    """One published series, from tasks.yml."""

    entity_id: str
    name: str
    series: Mapping[str, str]
    error_pool: str
    scored_from: str = "scored_from_quarters"
    in_total: bool = False
    in_panel: bool = False
    published: bool = True
    holds: str | None = None  # a segment that this company's total contains
    guidance: Mapping[str, str] = field(default_factory=dict)
    fiscal_year: Mapping[str, Any] = field(default_factory=dict)

    @property
    def min_history(self) -> int:
        """Quarters that the series must show before an origin is scored."""
        return int(value(self.scored_from))

    @property
    def is_capex(self) -> bool:
        """Whether the series is a company's capital expenditure rather than a vendor's revenue."""
        return "company_id" in self.series

    @property
    def owner(self) -> str:
        """The company: two series of one company do not count as independent evidence."""
        return self.series.get("company_id") or self.series["vendor_id"]


@cache
def tasks() -> dict[str, Any]:
    """The parsed tasks.yml."""
    return yaml.safe_load(TASKS.read_text())


@cache
def targets() -> dict[str, Target]:
    """Targets by entity_id, in the order of tasks.yml."""
    return {row["entity_id"]: Target(**row) for row in tasks()["targets"]}


@cache
def totals() -> dict[str, Target]:
    """Companies' totals that are no targets themselves, by entity_id; segments' shares are taken of them."""
    return {row["entity_id"]: Target(**row) for row in tasks()["totals"]}


def quarter_ordinal(label: str) -> int:
    """'2026Q2' (or 'FY2026Q2') as a running number of quarters."""
    year, quarter = label.removeprefix("FY").split("Q")
    return int(year) * QUARTERS_PER_YEAR + int(quarter) - 1


def quarter_label(ordinal: int) -> str:
    """The inverse of `quarter_ordinal`: '2026Q2'."""
    return f"{ordinal // QUARTERS_PER_YEAR}Q{ordinal % QUARTERS_PER_YEAR + 1}"


@dataclass(frozen=True)
class Series:
    """First-reported values of one entity, ordered by quarter; equal-length arrays."""

    entity_id: str
    quarters: np.ndarray  # calendar quarter, ordinal
    values: np.ndarray  # USD million
    reported_on: np.ndarray  # datetime64[D]
    period_ends: np.ndarray  # datetime64[D]
    fiscal_periods: np.ndarray
    definitions: np.ndarray
    recalled: np.ndarray  # bool: the value was recalled or estimated, not read in a stored source


@dataclass(frozen=True)
class History:
    """A series as known at an origin: the unbroken run of quarters up to the newest reported one.

    `log_level` is spliced: it ends at the reported level; at a change of definition the step is set to zero, because
    the two definitions cannot be compared and no growth may be read into the change.
    """

    entity_id: str
    log_level: np.ndarray
    quarters: np.ndarray
    is_break: np.ndarray  # True where the step into this quarter crosses a change of definition
    reported: Mapping[int, float]  # every quarter reported by then, gaps left out: log level as it was reported
    days: Mapping[int, date]  # the day each of them was reported
    fiscal_period: str
    definition: str
    period_end: date
    reported_on: date

    def __len__(self) -> int:
        return len(self.log_level)

    @property
    def increments(self) -> np.ndarray:
        """Quarterly log growth, without the steps across definitions."""
        return np.diff(self.log_level)[~self.is_break[1:]]


@dataclass(frozen=True)
class Context:
    """Everything known at an origin besides the series itself."""

    origin: date
    histories: Mapping[str, History]
    guidance: pd.DataFrame


def history(series: Series, origin: date) -> History | None:
    """`series` as known at `origin`, or None when nothing was reported by then."""
    known = series.reported_on <= np.datetime64(origin)
    if not known.any():
        return None
    quarters, logs = series.quarters[known], np.log(series.values[known])
    definitions = series.definitions[known]
    # A single missing quarter is bridged on the log scale (Marvell's 2025Q4); a longer gap starts the history anew.
    start = int(np.flatnonzero(np.diff(quarters) > 2)[-1] + 1) if (np.diff(quarters) > 2).any() else 0
    quarters, logs, definitions = quarters[start:], logs[start:], definitions[start:]
    steps = np.diff(logs)
    steps[definitions[1:] != definitions[:-1]] = 0.0
    levels = logs[-1] - np.concatenate([np.cumsum(steps[::-1])[::-1], [0.0]])
    full = np.arange(quarters[0], quarters[-1] + 1)
    breaks = np.isin(full, quarters[1:][definitions[1:] != definitions[:-1]])
    last = np.flatnonzero(known)[-1]
    return History(
        entity_id=series.entity_id,
        reported=dict(zip(series.quarters[known].tolist(), np.log(series.values[known]).tolist(), strict=True)),
        log_level=np.interp(full, quarters, levels),
        days=dict(zip(series.quarters[known].tolist(), series.reported_on[known].astype(object), strict=True)),
        quarters=full,
        is_break=breaks,
        fiscal_period=str(series.fiscal_periods[last]),
        definition=str(series.definitions[last]),
        period_end=series.period_ends[last].astype(object),
        reported_on=series.reported_on[last].astype(object),
    )


@dataclass(frozen=True)
class Panel:
    """All series and all guidance, before any cut by date."""

    series: Mapping[str, Series]
    guidance: pd.DataFrame

    def at(self, origin: date) -> Context:
        """What was known at `origin`."""
        histories = {key: history(item, origin) for key, item in self.series.items()}
        stamp = pd.Timestamp(origin)
        return Context(
            origin=origin,
            histories={key: item for key, item in histories.items() if item is not None},
            guidance=self.guidance[self.guidance["issued_on"] <= stamp] if len(self.guidance) else self.guidance,
        )


def _series(entity_id: str, rows: pd.DataFrame, value: str) -> Series:
    """Arrays of one entity from mart rows: per calendar quarter, the value that was reported first."""
    rows = rows.dropna(subset=[value, "reported_on", "calendar_quarter"])
    rows = rows[rows[value] > 0].sort_values(["calendar_quarter", "reported_on"], kind="stable")
    rows = rows.drop_duplicates("calendar_quarter")
    fiscal = rows["fiscal_period"].where(rows["fiscal_period"].notna(), "FY" + rows["calendar_quarter"])
    definition = rows["definition_version"] if "definition_version" in rows else pd.Series("", index=rows.index)
    return Series(
        entity_id=entity_id,
        quarters=np.array([quarter_ordinal(label) for label in rows["calendar_quarter"]], dtype=int),
        values=rows[value].to_numpy(float),
        reported_on=pd.to_datetime(rows["reported_on"]).to_numpy("datetime64[D]"),
        period_ends=pd.to_datetime(rows["period_end"]).to_numpy("datetime64[D]"),
        fiscal_periods=fiscal.to_numpy(str),
        definitions=definition.fillna("").to_numpy(str),
        recalled=rows["confidence"].isin(["recalled", "estimate"]).to_numpy(bool),
    )


def build(
    vendor_quarters: pd.DataFrame, guidance: pd.DataFrame, capex_quarters: pd.DataFrame, as_of: date | None = None
) -> Panel:
    """Series from every row of market.vendor_quarters_vintages and capex_quarters_vintages (USD million), and guidance.

    Rows that became known after `as_of` are dropped at once. Capex uses basis `cash`; the company-stated basis is kept
    beside it as `<entity>/stated`, to translate guidance. Series without rows are absent; empty frames are allowed.
    """
    vendor_quarters, capex_quarters = (_until(item, "reported_on", as_of) for item in (vendor_quarters, capex_quarters))
    guidance = _until(guidance, "issued_on", as_of)
    series: dict[str, Series] = {}
    for target in (targets() | totals()).values():
        if target.is_capex:
            rows = _company(capex_quarters, target.owner)
            cash = rows[rows["basis"] == "cash"] if len(rows) else rows
            stated = rows[rows["basis"] == "company_stated"] if len(rows) else rows
            found = {target.entity_id: cash, f"{target.entity_id}/stated": stated}
            column = "capex_usd_m"
        else:
            found, column = {target.entity_id: _segment(vendor_quarters, target)}, "value_usd_m"
        series |= {key: _series(key, item, column) for key, item in found.items() if len(item)}
    if len(guidance):
        guidance = guidance.assign(issued_on=pd.to_datetime(guidance["issued_on"]))
        # What came between two reports nearly is the result: a beat is measured on the outlook given with a report.
        guidance = guidance[(guidance["given_as"] == "outlook") & (guidance["basis"] != "adjusted")]
        guidance = guidance.dropna(subset=["mid_usd_m"]).sort_values("issued_on", kind="stable")
    return Panel({key: item for key, item in series.items() if len(item.values)}, guidance.reset_index(drop=True))


def _until(rows: pd.DataFrame, column: str, as_of: date | None) -> pd.DataFrame:
    if not len(rows) or as_of is None:
        return rows
    return rows[pd.to_datetime(rows[column]) <= pd.Timestamp(as_of)]


def _company(capex_quarters: pd.DataFrame, company_id: str) -> pd.DataFrame:
    if not len(capex_quarters):
        return capex_quarters
    return capex_quarters[(capex_quarters["company_id"] == company_id) & (capex_quarters["vintage"] == "first")]


def _segment(vendor_quarters: pd.DataFrame, target: Target) -> pd.DataFrame:
    if not len(vendor_quarters):
        return vendor_quarters
    chosen = (vendor_quarters["vendor_id"] == target.series["vendor_id"]) & (
        vendor_quarters["segment_id"] == target.series["segment_id"]
    )
    return vendor_quarters[chosen & (vendor_quarters["metric"] == "revenue")]
