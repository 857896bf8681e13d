"""Tables of the split: compute_demand, inference_share, reconciliation, share_anchors, sensitivity.

Belongs here: shapes. Does not belong here: equations (share.py, demand.py).
Units: h100e_hours are 16-bit dense; flop executed; usd_m of fleet cost; shares 0 to 1. Years are sums of paths.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from forecasts import demand
from forecasts.assumptions import Draws
from forecasts.compute_frames import PUBLISHED_FROM, Part, Paths, Runs, Tag, gather, periods

UNITS = {"chip_hours": "h100e_hours", "executed_flop": "flop", "dollars": "usd_m"}
RATIOS = (3, 5, 10)
SHOCKS = "shocks and interactions"


def compute_demand(tag: Tag, runs: Runs) -> pd.DataFrame:
    """Compute used per period: workload (inference, training_and_rnd, total) x accounting.

    chip_hours in h100e_hours, executed_flop in flop, dollars in usd_m: depreciation and electricity, not rental prices.
    """
    parts: list[Part] = []
    for name, run in runs.items():
        keys, places = periods(run.share_grid, run.n_past, name, "sum")
        for accounting, split in run.demand.items():
            for workload, values in split.items():
                labels = {"workload": workload, "accounting": accounting, "unit": UNITS[accounting]}
                parts.append((keys, gather(values, places), labels))
    return tag.table(parts, "compute_demand")


def shares(run: Paths, name: str) -> list[tuple[pd.DataFrame, str, str, np.ndarray]]:
    """Keys, accounting, flow_or_stock and paths of inference over total."""
    keys, places = periods(run.share_grid, run.n_past, name, "sum")
    out = [
        (keys, accounting, "stock", gather(split["inference"], places) / gather(split["total"], places))
        for accounting, split in run.demand.items()
    ]
    if run.share is not None:
        fleet = run.fleet.operational["h100e_16bit"][-len(run.share) :]
        ends, where = periods(run.share_grid, run.n_past, name, "end")
        later = (ends["period_kind"] == "calendar_year") & (ends["target_period"] > str(PUBLISHED_FROM))
        now = np.array([w[0] for w, keep in zip(where, later, strict=True) if keep])
        used = run.share * fleet
        added = (used[now] - used[now - 4]) / (fleet[now] - fleet[now - 4])
        out.append((ends[later].reset_index(drop=True), "chip_hours", "flow", np.clip(added, 0, 1)))
    return out


def inference_share(tag: Tag, runs: Runs) -> pd.DataFrame:
    """Inference over all compute of the tracked fleet; prob_ratio_ge_N: probability that inference is N times the rest.

    flow_or_stock: 'stock' is use of the whole fleet in the period, 'flow' the share in what the year added to it.
    """
    parts: list[Part] = []
    for name, run in runs.items():
        for keys, accounting, kind, values in shares(run, name):
            # inference / rest >= n is a share of at least n / (n + 1)
            above = {f"prob_ratio_ge_{n}": (values >= n / (n + 1)).mean(axis=1) for n in RATIOS}
            labels = {"accounting": accounting, "population": "tracked_fleet", "flow_or_stock": kind, "unit": "share"}
            parts.append((keys.assign(**above), values, labels))
    return tag.table(parts, "inference_share")


def reconciliation(tag: Tag, runs: Runs, marts: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Top-down capacity, bottom-up buckets and the residual, in h100e_hours and as share_of_capacity (column unit).

    side: top_down, bottom_up or residual (what bottom-up leaves unexplained; negative where it exceeds capacity).
    is_extrapolated: the bucket's disclosures do not reach the period, and growth priors stand in.
    """
    parts: list[Part] = []
    for name, run in runs.items():
        if not run.reconciliation:
            continue
        keys, places = periods(run.share_grid, run.n_past, name, "sum")
        reached = demand.reach(marts, run.fleet.grid, run.fleet.n_history)
        capacity = gather(run.reconciliation["capacity"], places)
        for bucket, values in run.reconciliation.items():
            hours = gather(values, places)
            good = ~np.isnan(hours).any(axis=1)
            if not good.any():
                continue
            limit = demand.limit(reached, bucket, run.share_grid[run.n_past - 1])
            k = keys[good].assign(is_extrapolated=keys["target_end_date"] > limit.end_time.normalize())
            labels = {"bucket": bucket, "side": demand.BUCKETS[bucket][0]}
            parts.append((k, hours[good], {**labels, "unit": "h100e_hours"}))
            parts.append((k, hours[good] / capacity[good], {**labels, "unit": "share_of_capacity"}))
    return tag.table(parts, "reconciliation")


def share_anchors(tag: Tag, loo: pd.DataFrame | None) -> pd.DataFrame:
    """Columns: see share.leave_one_out; value and p10 to p90 are shares of what the anchor itself measures."""
    if loo is None or loo.empty:
        return pd.DataFrame()
    return tag.stamp(loo.rename(columns={"unit": "measured_unit"}).assign(unit="share"), "inference_share")


def _variance_shares(x: np.ndarray, inverse: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Share of variance per column of standardised ranks, and the sign of its effect; `inverse` is that of x."""
    y = rankdata(values)
    y = (y - y.mean()) / y.std()
    beta = inverse @ y
    n, k = x.shape
    # adjusted for the columns that fit noise
    explained = max(1 - ((y - x @ beta) ** 2).mean() * (n - 1) / (n - k - 1), 0.0)
    return beta**2 / (beta**2).sum() * explained, np.sign(beta)


def sensitivity(tag: Tag, run: Paths | None, draws: Draws) -> pd.DataFrame:
    """What moves the 2027 and 2030 results: share of variance per assumption (squared standardised rank coefficients).

    parameter_id 'shocks and interactions' is the rest; effect_sign +1 or -1; rank 1 is the largest assumption.
    """
    names = [name for name, values in draws.items() if np.ptp(values)]
    if run is None or run.share is None or len(run.share[0]) < 3 * len(names):
        return pd.DataFrame()
    years, grid = np.asarray(run.share_grid.year), [str(x) for x in run.fleet.grid]
    x = np.column_stack([rankdata(draws[n]) for n in names])
    x = (x - x.mean(axis=0)) / np.maximum(x.std(axis=0), 1e-12)
    inverse = np.linalg.pinv(x)
    rows = []
    for year in (2027, 2030):
        outputs = {"operational_h100e_16bit": run.fleet.operational["h100e_16bit"][grid.index(f"{year}Q4")]}
        for accounting, split in run.demand.items():
            inference, total = (split[w][years == year].sum(axis=0) for w in ("inference", "total"))
            outputs[f"inference_share_{accounting}"] = inference / total
        for target, values in outputs.items():
            part, sign = _variance_shares(x, inverse, values)
            for rank, j in enumerate(np.argsort(-part), start=1):
                rows.append((target, str(year), names[j], part[j], sign[j], rank))
            rows.append((target, str(year), SHOCKS, 1 - part.sum(), np.nan, len(names) + 1))
    columns = ["target_id", "target_period", "parameter_id", "variance_share", "effect_sign", "rank"]
    out = pd.DataFrame(rows, columns=columns)
    return tag.stamp(out.assign(unit="share_of_variance"), "inference_share")
