"""Simulated paths of every series at one origin, coherent with each other and with what capex can pay for."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from forecasts import intervals, vendor_ceiling
from forecasts.assumptions import Draws
from forecasts.models.structural import MATURE_GROWTH
from forecasts.panel import Context, History, quarter_ordinal, targets
from forecasts.vendor_records import HORIZONS, Records

LAST_QUARTER = quarter_ordinal("2030Q4")
# Correlation of errors between series in the same quarter; judgement, see docs/methodology_vendor_revenue.md.
COMMON = 0.3
VENDOR_TOTAL, CAPEX_TOTAL = "merchant_dc_silicon_total", "capex-five-firms"
CEILING = "vendor_spending_ceiling"  # a bound, not a forecast: kept beside the series
TOTAL_NAMES = {
    VENDOR_TOTAL: "Merchant data-centre silicon: NVIDIA DC, AMD DC, Intel DCAI, Broadcom AI",
    CAPEX_TOTAL: "Capital expenditure of the five firms, cash",
}
# The five firms of the capex total; without all of them there is no total (no partial sum under the same name).
CAPEX_PARTS = tuple(key for key, target in targets().items() if target.is_capex)
VENDOR_PARTS = tuple(key for key, target in targets().items() if target.in_total)


@dataclass(frozen=True)
class Line:
    """One series at the origin: reported quarters, and paths of those that follow. USD million."""

    entity_id: str
    first: int  # calendar quarter of horizon 1, ordinal
    paths: np.ndarray  # (horizon, paths)
    actuals: dict[int, float]  # by calendar quarter, ordinal
    n_history: int
    parts: tuple[str, ...] = ()
    history: History | None = None

    def quarter(self, ordinal: int) -> np.ndarray | float | None:
        """Paths or the reported value of a calendar quarter; None outside both."""
        if ordinal in self.actuals:
            return self.actuals[ordinal]
        inside = 0 <= ordinal - self.first < len(self.paths)
        return self.paths[ordinal - self.first] if inside else None


def horizon_needed(context: Context) -> int:
    """Quarters from the slowest series to the end of 2030, at least eight."""
    last = (int(item.quarters[-1]) for key, item in context.histories.items() if key in targets())
    return max(HORIZONS, *(LAST_QUARTER - quarter for quarter in last))


def simulate(
    now: Records, median: np.ndarray, scale: np.ndarray, context: Context, draws: Draws, n_paths: int, seed: int
) -> dict[str, Line]:
    """Lines by entity_id, then the totals and what five-firm capex can pay for (`CEILING`).

    `median` (rows, horizons) are logs of USD million, `scale` (rows, eight) of their t errors; beyond eight quarters
    scales grow like a random walk's.
    """
    rng = np.random.default_rng(seed)
    entities = now.rows["entity_id"].tolist()
    steps = np.arange(1, now.horizons + 1)
    beyond = scale[:, -1:] * np.sqrt(steps[HORIZONS:] / HORIZONS)
    half = intervals.normals(len(entities), now.horizons, -(-n_paths // 2), COMMON, rng)
    # Every draw comes with its mirror image: medians of paths are then the medians of the model.
    scores = np.concatenate([half, -half], axis=-1)[..., :n_paths]
    for index, entity_id in enumerate(entities):
        part = targets()[entity_id].holds
        if part in entities:
            scores[index] = scores[entities.index(part)]
    errors = intervals.errors_from(scores, np.concatenate([scale, beyond], axis=1))
    levels = dict(zip(entities, np.exp(median[..., None] + errors), strict=True))
    lines = {key: _line(key, levels[key], context.histories[key]) for key in entities}
    rest = {key: _rest(lines, key) for key in entities if targets()[key].holds in lines}
    lines = _with_total(_with_total(lines, CAPEX_TOTAL, CAPEX_PARTS), VENDOR_TOTAL, VENDOR_PARTS)
    lines = _bounded(lines, draws, rng)
    for key, remainder in rest.items():
        lines[key] = replace(lines[key], paths=lines[str(targets()[key].holds)].paths + remainder)
    return lines


def _line(entity_id: str, paths: np.ndarray, history: History) -> Line:
    last = int(history.quarters[-1])
    known = {int(q): float(v) for q, v in zip(history.quarters, np.exp(history.log_level), strict=True)}
    keep = max(HORIZONS, LAST_QUARTER - last)
    return Line(entity_id, last + 1, paths[:keep], known, len(history), history=history)


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
    )
    return lines | {total_id: total}


def _at(line: Line, ordinal: int) -> np.ndarray | float:
    value = line.quarter(ordinal)
    assert value is not None
    return value


def _rest(lines: dict[str, Line], key: str) -> np.ndarray:
    """What a company sells besides the segment it holds, (horizon, paths): one quarter ahead, then growing at 2%."""
    whole, part = lines[key].paths, lines[str(targets()[key].holds)].paths
    rest = np.maximum(whole[0] - part[0], 0.0)
    return rest * np.exp(MATURE_GROWTH * np.arange(len(whole)))[:, None]


def _bounded(lines: dict[str, Line], draws: Draws, rng: np.random.Generator) -> dict[str, Line]:
    """`lines` reconciled with each other: what vendors sell is what capex pays for, and capex is held to the spend prior."""
    if CAPEX_TOTAL not in lines:
        return lines
    n_paths = lines[CAPEX_TOTAL].paths.shape[1]
    shares = draws["silicon_share_of_capex"] / draws["hyperscaler_share_of_vendor_revenue"]
    z = np.asarray(rng.normal(size=n_paths))
    if VENDOR_TOTAL in lines:
        lines = _raised(lines, shares)
    capex = lines[CAPEX_TOTAL]
    lines = _replaced(lines, capex, vendor_ceiling.bounded_capex(capex.paths, capex.first, shares, z))
    if VENDOR_TOTAL not in lines:
        return lines
    total, bound = lines[VENDOR_TOTAL], vendor_ceiling.ceiling(_spend(lines), shares)
    lines = _replaced(lines, total, vendor_ceiling.target(total.paths, bound))
    return lines | {CEILING: replace(total, entity_id=CEILING, paths=bound)}


def _spend(lines: dict[str, Line]) -> np.ndarray:
    """Five-firm capex in the quarters of the vendors' total, (horizon, paths); the last known one after its end."""
    total, capex = lines[VENDOR_TOTAL], lines[CAPEX_TOTAL]
    end = capex.first + len(capex.paths) - 1
    quarters = [min(total.first + h, end) for h in range(len(total.paths))]
    return np.stack([np.broadcast_to(_at(capex, quarter), total.paths.shape[1]) for quarter in quarters])


def _raised(lines: dict[str, Line], shares: np.ndarray) -> dict[str, Line]:
    """`lines` with capex raised by its part of the gap where vendors are to sell more than it pays for."""
    total, spend = lines[VENDOR_TOTAL], _spend(lines)
    step = vendor_ceiling.capex_part(total.paths, vendor_ceiling.ceiling(spend, shares), spend)
    found = {}
    for key in CAPEX_PARTS:
        line = lines[key]
        at = np.arange(len(line.paths)) + line.first - total.first
        factor = np.where((at >= 0)[:, None], step[np.clip(at, 0, len(step) - 1)], 1.0)
        found[key] = replace(line, paths=line.paths * factor)
    return _with_total(lines | found, CAPEX_TOTAL, CAPEX_PARTS)


def _replaced(lines: dict[str, Line], total: Line, allowed: np.ndarray) -> dict[str, Line]:
    """`lines` with the parts of `total` cut so that they add to `allowed` (horizon, paths of the total)."""
    n_paths = total.paths.shape[1]
    quarters = range(total.first, total.first + len(allowed))
    parts = np.stack([[np.broadcast_to(_at(lines[key], q), n_paths) for q in quarters] for key in total.parts])
    last = np.array([lines[key].actuals[lines[key].first - 1] for key in total.parts])
    cut = vendor_ceiling.share_out(parts, last, allowed)
    found = {}
    for index, key in enumerate(total.parts):
        line = lines[key]
        # Quarters that this part has reported already stay as reported.
        skip = line.first - total.first
        keep = min(len(line.paths), len(allowed) - skip)
        found[key] = replace(line, paths=np.concatenate([cut[index, skip : skip + keep], line.paths[keep:]]))
    return _with_total(lines | found, total.entity_id, total.parts)
