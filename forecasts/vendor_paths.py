"""Simulated paths of every series at one origin, coherent with each other and with what capex can pay for.

Up to eight quarters the paths are the scored model: medians of centre.py, errors of intervals.py, and the ceiling. Beyond
them growth fades from what the model expects to long-run priors, and errors go on as a random walk.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from forecasts import intervals
from forecasts.assumptions import Draws, known_from, value
from forecasts.centre import HORIZONS
from forecasts.panel import QUARTERS_PER_YEAR, Context, History, quarter_ordinal, targets, tasks

LAST_QUARTER = quarter_ordinal("2030Q4")
VENDOR_TOTAL, CAPEX_TOTAL = "merchant_dc_silicon_total", "capex-five-firms"
SMALL = 1e-12  # keeps a ratio of variances defined where both are zero
CEILING = "vendor_spending_ceiling"  # a bound, not a forecast: kept beside the series
TOTAL_NAMES = {
    VENDOR_TOTAL: "Merchant data-centre silicon: NVIDIA DC, AMD DC, Intel DCAI, Broadcom AI",
    CAPEX_TOTAL: "Capital expenditure of the five firms, cash",
}
STATEMENTS = tuple(tasks()["statements"])
# The five firms of the capex total; without all of them there is no total (no partial sum under the same name).
CAPEX_PARTS = tuple(key for key, target in targets().items() if target.is_capex)
VENDOR_PARTS = tuple(key for key, target in targets().items() if target.in_total)


@dataclass(frozen=True)
class Line:
    """One series at the origin: reported quarters, and paths of those that follow. USD million."""

    entity_id: str
    first: int  # calendar quarter of horizon 1, ordinal
    paths: np.ndarray  # (horizon, paths)
    actuals: dict[int, float]  # by calendar quarter, ordinal; a missing one bridged, see `bridged`
    n_history: int
    parts: tuple[str, ...] = ()
    history: History | None = None
    bridged: frozenset[int] = frozenset()  # quarters of `actuals` that nobody reported

    def reported(self, quarters: Iterable[int]) -> float | None:
        """Sum of reported quarters; None where one was not reported."""
        known = [None if quarter in self.bridged else self.actuals.get(quarter) for quarter in quarters]
        return None if None in known else sum(item for item in known if item is not None)

    def quarter(self, ordinal: int) -> np.ndarray | float | None:
        """Paths or the reported value of a calendar quarter; None outside both."""
        if ordinal in self.actuals:
            return self.actuals[ordinal]
        inside = 0 <= ordinal - self.first < len(self.paths)
        return self.paths[ordinal - self.first] if inside else None


def quarters_ahead(context: Context) -> int:
    """Quarters from the slowest series to the end of 2030, at least eight."""
    last = (int(item.quarters[-1]) for key, item in context.histories.items() if key in targets())
    return max(HORIZONS, *(LAST_QUARTER - quarter for quarter in last))


def simulate(
    context: Context,
    median: Mapping[str, np.ndarray],
    scale: Mapping[str, np.ndarray],
    draws: Draws,
    horizon: int,
    seed: int,
    is_bounded: bool = True,
) -> dict[str, Line]:
    """Lines by entity_id, then the totals and what five-firm capex can pay for (`CEILING`).

    `median` (eight,) are logs of USD million, `scale` (eight,) of their t errors. Without `is_bounded` series stay apart,
    as baselines are.
    """
    ratio = draws["silicon_share_of_capex"] / draws["hyperscaler_share_of_vendor_revenue"]
    correlation = value("error_correlation")
    lines = {}
    for key in median:
        part = targets()[key].holds if is_bounded else None
        name = part if part in median else key
        unit = intervals.unit_errors(str(name), horizon, len(ratio), seed, correlation)
        level = np.exp(_log_level(key, median[key], draws, horizon) + unit * _spread(scale[key], horizon)[:, None])
        lines[key] = _line(key, level, context.histories[key])
    lines = _with_total(_with_total(lines, CAPEX_TOTAL, CAPEX_PARTS), VENDOR_TOTAL, VENDOR_PARTS)
    if is_bounded:
        for statement in STATEMENTS:
            lines = _told(lines, statement, context.origin, draws)
        before = lines
        if CAPEX_TOTAL in lines:
            lines = _reconciled(lines, ratio)
        for key in median:
            part = str(targets()[key].holds)
            if part in median:
                # What is cut from the segment is cut from the company, which stays the larger of the two.
                cut = before[part].paths - lines[part].paths
                lines[key] = replace(lines[key], paths=np.maximum(lines[key].paths - cut, lines[part].paths))
    return lines


def _log_level(entity_id: str, median: np.ndarray, draws: Draws, horizon: int) -> np.ndarray:
    """Log levels (horizon, paths): the model's, then growth that fades from its last year's to the long run's."""
    long_run = draws["capex_growth_later"] / QUARTERS_PER_YEAR
    if not targets()[entity_id].is_capex:
        long_run = draws["spend_growth_long_run"]
    start = (median[-1] - median[-1 - QUARTERS_PER_YEAR]) / QUARTERS_PER_YEAR
    ahead = np.arange(1, horizon - HORIZONS + 1)[:, None]
    growth = long_run + (start - long_run) * 0.5 ** (ahead / draws["spend_growth_half_life"])
    start_of_path = np.broadcast_to(median[:, None], (HORIZONS, growth.shape[1]))
    return np.concatenate([start_of_path, median[-1] + np.cumsum(growth, axis=0)])


def _told(lines: dict[str, Line], statement: Mapping[str, str], origin: date, draws: Draws) -> dict[str, Line]:
    """`lines` after a dated statement about a calendar year of one of them; it acts beyond eight quarters only.

    The draws are what was stated after its haircut, with its error: observations for an ensemble Kalman update of how
    each part goes on beyond the quarters that are scored. Statements of later days, or about a year that is over by then,
    do nothing.
    """
    line = lines.get(statement["entity_id"])
    if line is None or known_from(statement["parameter_id"]) > origin:
        return lines
    year = int(statement["year"]) * QUARTERS_PER_YEAR
    quarters = [line.quarter(year + part) for part in range(QUARTERS_PER_YEAR)]
    if any(item is None for item in quarters):
        return lines
    ours, told = np.log(sum(np.asarray(item) for item in quarters)), np.log(draws[statement["parameter_id"]])
    gap, centred = told - ours, ours - ours.mean()
    # One quarter after the last that is scored of any series: a quarter's ceiling looks at the capex of the next.
    start = max(item.first for item in lines.values()) + HORIZONS + 1
    found = {}
    for key in line.parts or (line.entity_id,):
        at = start - lines[key].first
        onward = np.log(lines[key].paths[at:] / lines[key].paths[at - 1])
        gain = onward @ centred / len(ours) / (np.var(ours) + np.var(told))
        moved = lines[key].paths.copy()
        moved[at:] *= np.exp(gain[:, None] * gap)
        found[key] = replace(lines[key], paths=moved)
    lines = lines | found
    return _with_total(lines, line.entity_id, line.parts) if line.parts else lines


def _spread(scale: np.ndarray, horizon: int) -> np.ndarray:
    """Scales (horizon,), beyond eight quarters growing like a random walk's."""
    beyond = np.arange(HORIZONS + 1, horizon + 1)
    return np.concatenate([scale, scale[-1] * np.sqrt(beyond / HORIZONS)])


def _line(entity_id: str, paths: np.ndarray, history: History) -> Line:
    known = {int(q): float(v) for q, v in zip(history.quarters, np.exp(history.log_level), strict=True)}
    first, bridged = int(history.quarters[-1]) + 1, frozenset(known) - frozenset(history.reported)
    return Line(entity_id, first, paths, known, len(history), history=history, bridged=bridged)


def _with_total(lines: dict[str, Line], total_id: str, parts: tuple[str, ...]) -> dict[str, Line]:
    """`lines` with the sum of `parts` per path, from the first quarter that not all of them have reported."""
    if not set(parts) <= set(lines):
        return lines
    first = min(lines[key].first for key in parts)
    last = min(lines[key].first + len(lines[key].paths) for key in parts)
    shared = set.intersection(*(set(lines[key].actuals) for key in parts))
    n_paths = next(iter(lines.values())).paths.shape[1]
    paths = [sum(np.broadcast_to(_at(lines[key], q), n_paths) for key in parts) for q in range(first, last)]
    total = Line(
        total_id,
        first,
        np.stack(paths),
        {quarter: sum(lines[key].actuals[quarter] for key in parts) for quarter in sorted(shared)},
        min(lines[key].n_history for key in parts),
        parts,
        bridged=frozenset().union(*(lines[key].bridged for key in parts)),
    )
    return lines | {total_id: total}


def _at(line: Line, ordinal: int) -> np.ndarray | float:
    value = line.quarter(ordinal)
    assert value is not None
    return value


def _reconciled(lines: dict[str, Line], ratio: np.ndarray) -> dict[str, Line]:
    """`lines` made coherent path by path: what the vendors known at the origin sell is what five-firm capex can pay for.

    Where vendors are to sell more, two forecasts disagree about the same money, and both give way: the gap is split by
    the variances of their log paths, as conditioning two independent errors on their difference would.
    """
    members = [key for key in VENDOR_PARTS if key in lines]
    if not members:
        return lines
    first = min(lines[key].first for key in members)
    count = min(lines[key].first + len(lines[key].paths) for key in members) - first
    quarters = range(first, first + count)
    parts = np.stack([[np.broadcast_to(_at(lines[key], q), ratio.shape) for q in quarters] for key in members])
    total, spent = parts.sum(axis=0), ceiling(lines[CAPEX_TOTAL], quarters, ratio) / ratio
    spread = [np.var(np.log(item), axis=1)[:, None] for item in (spent, total)]
    gap = np.maximum(np.log(total / (spent * ratio)), 0.0)
    step = np.exp(spread[0] / np.maximum(spread[0] + spread[1], SMALL) * gap)
    # Beyond eight quarters vendors' paths are priors: they pull capex no further. The quarter is that of the vendor that
    # reported last, so that the slower one's next report does not move it.
    scored = min(max(lines[key].first for key in members) - first + HORIZONS, count)
    step[scored:] = step[scored - 1]
    found = dict(lines)
    for key in CAPEX_PARTS:
        at = np.arange(len(lines[key].paths)) + lines[key].first - first
        factor = np.where((at >= 0)[:, None], step[np.clip(at, 0, count - 1)], 1.0)
        found[key] = replace(lines[key], paths=lines[key].paths * factor)
    found = _with_total(found, CAPEX_TOTAL, CAPEX_PARTS)
    bound = ceiling(found[CAPEX_TOTAL], quarters, ratio)
    cut = share_out(parts, np.minimum(total, bound))
    for index, key in enumerate(members):
        # Quarters that this part has reported already stay as reported.
        skip = lines[key].first - first
        rest = lines[key].paths[max(count - skip, 0) :]
        found[key] = replace(lines[key], paths=np.concatenate([cut[index, skip:], rest]))
    found = _with_total(found, VENDOR_TOTAL, VENDOR_PARTS)
    if VENDOR_TOTAL in found:
        found[CEILING] = replace(found[VENDOR_TOTAL], entity_id=CEILING, paths=bound)
    return found


def ceiling(capex: Line, quarters: range, ratio: np.ndarray) -> np.ndarray:
    """Most that all vendors can sell in each quarter, (quarters, paths), USD million: five-firm capex × `ratio`.

    A chip is booked about when it ships and paid for a little later, so a quarter's revenue rests on the mean capex of
    that quarter and the next.
    """
    end = capex.first + len(capex.paths) - 1
    spent = [np.broadcast_to(_at(capex, min(q, end)), ratio.shape) for q in range(quarters[0], quarters[-1] + 2)]
    return (np.array(spent[:-1]) + np.array(spent[1:])) / 2 * ratio


def share_out(parts: np.ndarray, allowed: np.ndarray) -> np.ndarray:
    """`parts` (vendors, quarters, paths) cut so that they add to at most `allowed` (quarters, paths).

    Each gives way as conditioning independent errors on their sum would: by its size squared times the variance of its
    log, so that what is large and uncertain breaks the budget, not a vendor that hardly grows.
    """
    gap = np.maximum(parts.sum(axis=0) - allowed, 0.0)
    weight = parts**2 * np.var(np.log(parts), axis=2)[..., None]
    # That rule is linear in dollars; a part keeps a twentieth, and what is then still too much is scaled.
    cut = np.maximum(parts - gap * weight / np.maximum(weight.sum(axis=0), SMALL), value("least_kept_of_a_cut") * parts)
    return cut * np.minimum(1.0, allowed / cut.sum(axis=0))
