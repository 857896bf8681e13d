"""What issuers have said, as levels on the scale of the series: guided quarters of revenue, guided years of capex."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from forecasts import beats
from forecasts.assumptions import value
from forecasts.panel import QUARTERS_PER_YEAR, Context, History, Target, quarter_ordinal, targets
from forecasts.vendor_calendar import fiscal_label


def statements(context: Context, target: Target) -> pd.DataFrame:
    """Outlooks given with a report, for the guided series and on its basis, known at the origin, oldest first."""
    rows = context.guidance
    if not len(rows) or not target.guidance:
        return pd.DataFrame(columns=["issued_on", "target_period", "mid_usd_m"])
    rows = rows[(rows["issuer_id"] == target.guidance["issuer_id"]) & (rows["given_as"] == "outlook")]
    if target.is_capex:
        is_year = ~rows["target_period"].str.contains("Q")
        return rows[(rows["metric"] == "capex") & (rows["basis"] == target.guidance["basis"]) & is_year]
    is_reported = (rows["metric"] == "revenue") & (rows["basis"] == "reported")
    return rows[is_reported & (rows["segment_id"] == target.guidance["segment_id"])]


def midpoints(context: Context, target: Target) -> pd.Series:
    """Newest midpoint (USD million) by target period."""
    rows = statements(context, target)
    return rows.groupby("target_period")["mid_usd_m"].last() if len(rows) else pd.Series(dtype=float)


def _midpoints_of(whole: History, context: Context, target: Target) -> dict[int, float]:
    """Log midpoints by quarter (ordinal) of the series that `target`'s guidance is about, past ones and one year ahead."""
    mids, newest = np.log(midpoints(context, target)), int(whole.quarters[-1])
    quarters = [*sorted(whole.reported), *range(newest + 1, newest + 1 + QUARTERS_PER_YEAR)]
    found = {
        quarter: float(mids.get(fiscal_label(whole.fiscal_period, quarter - newest), np.nan)) for quarter in quarters
    }
    return {quarter: mid for quarter, mid in found.items() if np.isfinite(mid)}


def revenue(context: Context, is_learned: bool = True) -> dict[str, np.ndarray]:
    """By entity_id, log levels of the quarters ahead that are guided or follow from a total already reported.

    Midpoint × the issuer's expected beat (beats.py; the plain one unless `is_learned`), × the segment's last share where
    the company's total is guided. Where that total is out before the segment, the total × the share.
    """
    wholes = {
        key: str(target.guidance.get("share_of", key))
        for key, target in targets().items()
        if target.guidance and not target.is_capex and key in context.histories
    }
    guides = {
        whole: (context.histories[whole], _midpoints_of(context.histories[whole], context, targets()[key]))
        for key, whole in wholes.items()
        if whole in context.histories
    }
    learned = beats.expected(guides) if is_learned else beats.medians(guides)
    return {
        key: _ahead(context.histories[key], *guides[whole], learned[whole])
        for key, whole in wholes.items()
        if whole in guides
    }


def _ahead(history: History, whole: History, mids: Mapping[int, float], beat: float) -> np.ndarray:
    """Log levels of a series from what is guided or reported of the whole, at its last share of it; empty if nothing is."""
    last = int(history.quarters[-1])
    if last not in whole.reported:
        return np.array([])
    share = float(history.log_level[-1]) - whole.reported[last]
    found: list[float] = []
    while (quarter := last + 1 + len(found)) in whole.reported or quarter in mids:
        found.append(whole.reported.get(quarter, mids.get(quarter, np.nan) + beat) + share)
    return np.array(found)


# --- capital expenditure: a year that is guided as a whole ---------------------------------------------------------

TO_SD = float(np.sqrt(np.pi / 2))  # standard deviation over mean absolute deviation of a normal


@dataclass(frozen=True)
class Guide:
    """One statement about a year's capex, as an observation of the quarters that were unreported when it was made."""

    rest: tuple[int, ...]  # those quarters, ordinals
    log_sum: float  # log of what the statement leaves for them, USD million on the series' basis


def _year(period: str, history: History) -> list[int]:
    """Quarters of 'CY2026', or of an issuer's own 'FY2026'."""
    if period.startswith("CY"):
        return [quarter_ordinal(f"{period[2:]}Q{part}") for part in range(1, QUARTERS_PER_YEAR + 1)]
    ahead = quarter_ordinal(f"{period[2:]}Q1") - quarter_ordinal(history.fiscal_period)
    return [int(history.quarters[-1]) + ahead + part for part in range(QUARTERS_PER_YEAR)]


def _basis(history: History, context: Context, day: date) -> float:
    """Capex of the series over capex as the company states it, newest four quarters known on both by `day`; else 1."""
    stated = context.histories.get(f"{history.entity_id}/stated")
    if stated is None:
        return 1.0
    both = [
        q for q, on in stated.days.items() if on <= day and history.days.get(q, day) <= day and q in history.reported
    ]
    newest = sorted(both)[-QUARTERS_PER_YEAR:]
    sums = [sum(np.exp(item.reported[q]) for q in newest) for item in (history, stated)]
    return float(sums[0] / sums[1]) if newest else 1.0


def guides(history: History, context: Context) -> list[Guide]:
    """Every statement of the issuer by the origin that leaves something for the rest of its year, oldest first."""
    found = []
    rows = statements(context, targets()[history.entity_id])
    for row in rows[["issued_on", "target_period", "mid_usd_m"]].to_dict("records"):
        day, year = row["issued_on"].date(), _year(row["target_period"], history)
        done = [q for q in year if history.days.get(q, context.origin) <= day and q in history.reported]
        rest = tuple(q for q in year if q not in done)
        left = row["mid_usd_m"] * _basis(history, context, day) - sum(np.exp(history.reported[q]) for q in done)
        if rest and left > 0:
            found.append(Guide(rest, float(np.log(left))))
    return found


def errors_of(said: list[Guide], history: History) -> list[float]:
    """Log error of each past guide whose quarters have all been reported."""
    return [
        float(np.log(sum(np.exp(history.reported[q]) for q in guide.rest)) - guide.log_sum)
        for guide in said
        if all(q in history.reported for q in guide.rest)
    ]


def capex(history: History, said: list[Guide], errors: Mapping[str, list[float]], path: np.ndarray) -> np.ndarray:
    """`path` (log levels ahead) moved by what the newest guide leaves for the rest of its year.

    The model's error is a random walk with the spread of past steps, the guide's is learned from the issuer's past
    guides, shrunk to those of all in `errors` (by entity_id); each moves the path by its precision. An issuer counts
    once a guide of it is scored.
    """
    own = errors[history.entity_id]
    if not own or not said:
        return path
    newest = said[-1]
    ahead = np.array(newest.rest) - int(history.quarters[-1])
    inside = ahead[ahead > 0]
    left = np.exp(newest.log_sum) - sum(np.exp(history.reported[q]) for q in newest.rest if q in history.reported)
    if not len(inside) or inside[-1] > len(path) or left <= 0:
        return path
    pool = value("guide_pool_weight")
    everyone = np.abs(np.concatenate(list(errors.values())))
    size = (pool * float(np.mean(everyone)) + float(np.sum(np.abs(own)))) / (pool + len(own))
    # Covariance of a random walk at each horizon with its mean over the quarters that the guide is about.
    steps = np.arange(1, len(path) + 1)
    covariance = np.minimum.outer(steps, inside).mean(axis=1) * float(np.var(history.increments, ddof=1))
    # A quarter reported since is certain, so the same error falls on what is left of the sum.
    noise = (TO_SD * size * np.exp(newest.log_sum) / left) ** 2
    gap = np.log(left) - np.log(np.exp(path[inside - 1]).sum())
    return path + covariance / (covariance[inside - 1].mean() + noise) * gap
