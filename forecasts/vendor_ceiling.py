"""What capital expenditure can pay for: the bound on all vendors together beyond two quarters.

ceiling = five-firm capex × silicon share ÷ hyperscalers' share of vendor revenue, on every path (CLARIFICATIONS 16).
"""

from __future__ import annotations

from datetime import date

import numpy as np
from scipy import stats

from forecasts.ensemble import TIME_SERIES_WEIGHT

# Spend on accelerators and network, world, billion USD a year: p10, p50, p90 (forecasting_methods.md, part A2, "Long
# run under a spending prior"; 2029 is not given there and lies on the line between its neighbours).
SPEND_PRIOR_USD_BN = {2026: (429, 480, 538), 2027: (558, 721, 931), 2028: (649, 941, 1354), 2030: (751, 1291, 2213)}
SPEND_PRIOR_KNOWN_FROM = date(2026, 9, 30)  # the note's data cut
# Strength of the vendors' bound by horizon: none while guidance and orders speak, full beyond a year; judgement.
STRENGTH = ((2, 5), (0.0, 1.0))


def spend(quarters: np.ndarray, z: np.ndarray) -> np.ndarray:
    """The spend prior by calendar quarter (ordinals) and path, USD million a quarter; `z` (paths,) are normal scores."""
    years = np.array(list(SPEND_PRIOR_USD_BN))
    low, middle, high = np.log(np.array(list(SPEND_PRIOR_USD_BN.values()), dtype=float)).T
    at = (quarters - 1.5) / 4  # the middle of a year lies between its second and third quarter
    centre, spread = np.interp(at, years, middle), np.interp(at, years, (high - low) / (2 * stats.norm.ppf(0.9)))
    return np.exp(centre[:, None] + spread[:, None] * z) * 1000 / 4


def bounded_capex(capex: np.ndarray, first: int, shares: np.ndarray, z: np.ndarray) -> np.ndarray:
    """Five-firm capex (quarters, paths) held to what the spend prior implies, USD million.

    Prior × hyperscalers' share ÷ silicon share is the capex that such a spend goes with; the weight of the bound is what
    the structural model takes from the time series, so nothing changes for two quarters and all is bound from the 16th.
    """
    horizons = np.arange(1, len(capex) + 1)
    implied = spend(first + horizons - 1, z) / shares
    weight = 1 - np.interp(horizons, *TIME_SERIES_WEIGHT)[:, None]
    return capex * np.minimum(1.0, implied / capex) ** weight


def ceiling(capex: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Most that all vendors can sell a quarter, (quarters, paths), from five-firm capex of the same shape, USD million.

    A chip is booked about when it ships and paid for a little later, so a quarter's revenue rests on the mean capex of
    that quarter and the next.
    """
    ahead = np.concatenate([capex[1:], capex[-1:]])
    return (capex + ahead) / 2 * shares


def capex_part(total: np.ndarray, bound: np.ndarray, capex: np.ndarray) -> np.ndarray:
    """By what to multiply capex, (quarters, paths), where `total` is above `bound`; row 0 is one quarter ahead.

    Two forecasts disagree about the same money, so both give way, the less certain one more: the gap is split by the
    variances of the log paths. In 2025 capex was what turned out too low.
    """
    strength = np.interp(np.arange(1, len(total) + 1), *STRENGTH)[:, None]
    spread = [np.var(np.log(item), axis=1)[:, None] for item in (capex, total)]
    part = spread[0] / np.maximum(spread[0] + spread[1], 1e-12)
    return np.exp(strength * part * np.maximum(np.log(total / bound), 0.0))


def target(total: np.ndarray, bound: np.ndarray) -> np.ndarray:
    """The total (quarters, paths) after the bound; row 0 is one quarter ahead."""
    strength = np.interp(np.arange(1, len(total) + 1), *STRENGTH)[:, None]
    return total * np.minimum(1.0, bound / total) ** strength


def share_out(parts: np.ndarray, last: np.ndarray, allowed: np.ndarray) -> np.ndarray:
    """`parts` (vendors, quarters, paths) cut so that they add to `allowed` (quarters, paths).

    Growth over the last reported level (vendors,) is cut first, in equal proportion: a vendor that does not grow is not
    what breaks the budget. Only where that is not enough is everything scaled.
    """
    floor = np.minimum(parts, last[:, None, None])
    growth = (parts - floor).sum(axis=0)
    room = np.clip(allowed - floor.sum(axis=0), 0.0, growth)
    kept = np.divide(room, growth, out=np.ones_like(growth), where=growth > 0)
    cut = floor + (parts - floor) * kept
    return cut * np.minimum(1.0, allowed / cut.sum(axis=0))
