"""Median paths of the recommended model: guided history continued by four univariate models, capex by pooled growth.

Eight quarters, the horizons that are scored; what lies beyond is drawn from priors (vendor_paths.py).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from forecasts import guided
from forecasts.assumptions import value
from forecasts.baselines import drift, mean_growth
from forecasts.models import scum
from forecasts.panel import QUARTERS_PER_YEAR, Context, History, targets

HORIZONS = scum.HORIZON
# Vendors' growth drowns their seasons; capex has December peaks. Fixed before scores were looked at.
SEASON_VENDORS, SEASON_CAPEX = 1, QUARTERS_PER_YEAR
NOTHING = np.array([])


def centres(context: Context) -> dict[str, np.ndarray]:
    """Log levels of the eight quarters ahead of every target known at the origin, by entity_id."""
    firms = {key: item for key, item in context.histories.items() if key in targets() and targets()[key].is_capex}
    year_growth = _pooled_growth(list(firms.values()))
    said = {key: guided.guides(firm, context) for key, firm in firms.items()}
    errors = {key: guided.errors_of(said[key], firm) for key, firm in firms.items()}
    ahead = guided.revenue(context)
    found = {}
    for key, target in targets().items():
        past = context.histories.get(key)
        if past is not None:
            if target.is_capex:
                found[key] = guided.capex(past, said[key], errors, _capex(past, year_growth))
            else:
                found[key] = _vendor(past, ahead.get(key, NOTHING))
    for key in found:
        part = targets()[key].holds
        if part in found:
            found[key] = _segment_plus_rest(found[key], found[part])
    return found


def fits_needed(context: Context) -> Iterator[scum.Key]:
    """What `centres` will ask `scum` for."""
    ahead = guided.revenue(context)
    for key, target in targets().items():
        past = context.histories.get(key)
        if past is not None:
            name = scum.key(
                np.concatenate([past.log_level, ahead.get(key, NOTHING)]),
                SEASON_CAPEX if target.is_capex else SEASON_VENDORS,
            )
            if name is not None:
                yield name


def _vendor(past: History, ahead: np.ndarray) -> np.ndarray:
    """Guided quarters `ahead`, then SCUM of the history that ends with them.

    An unguided next quarter and a history too short for SCUM get log-drift, the better model one step ahead.
    """
    ahead = ahead[:HORIZONS]
    level = np.concatenate([past.log_level, ahead])
    growth = (mean_growth(past) * len(past.increments) + (level[-1] - past.log_level[-1])) / max(
        len(past.increments) + len(ahead), 1
    )
    fallback = level[-1] + growth * np.arange(1, HORIZONS + 1)
    later = scum.path(level, SEASON_VENDORS)
    path = np.concatenate([ahead, fallback if later is None else later])[:HORIZONS]
    if not len(ahead):
        path[0] = fallback[0]
    return path


def _pooled_growth(firms: list[History]) -> float:
    """Quarterly log growth in the last year of the firms' sum; NaN before any has two years.

    Of the sum, not the mean of the firms' rates: the smallest firm doubling says little of what the largest will do.
    """
    years = [item.log_level for item in firms if len(item) > QUARTERS_PER_YEAR]
    before, now = (sum(np.exp(level[at]) for level in years) for at in (-1 - QUARTERS_PER_YEAR, -1))
    return float(np.log(now / before)) / QUARTERS_PER_YEAR if years else np.nan


def _capex(past: History, year_growth: float) -> np.ndarray:
    """Mean of drift, half-pooled drift and the half-pooled drift's mean with SCUM, fading; no guide is in it yet.

    Half-pooled: half the firm's own mean growth, half what all firms together grew by in the last year.
    """
    own = mean_growth(past)
    plain = drift(past, own, HORIZONS)
    pooled = drift(past, (own + year_growth) / 2, HORIZONS) if np.isfinite(year_growth) else plain
    scummed = scum.path(past.log_level, SEASON_CAPEX)
    path = (plain + pooled + (pooled + (plain if scummed is None else scummed)) / 2) / 3
    return _fading(past.log_level[-1], path)


def _fading(last: float, path: np.ndarray) -> np.ndarray:
    """`path` with its growth decaying towards the mature rate: no firm's spending can outgrow its income for long."""
    growth = np.diff(path, prepend=last)
    kept = 0.5 ** (np.arange(1, len(path) + 1) / value("scored_growth_half_life"))
    mature = value("mature_growth")
    return last + np.cumsum(mature + (growth - mature) * kept)


def _segment_plus_rest(whole: np.ndarray, part: np.ndarray) -> np.ndarray:
    """A company's total beyond one quarter: its segment's path plus the rest of the company, growing at 2%.

    Two separate time series would let the segment outgrow the company.
    """
    rest = max(float(np.exp(whole[0]) - np.exp(part[0])), 0.0)
    found = np.log(np.exp(part) + rest * np.exp(value("mature_growth") * np.arange(len(part))))
    return np.concatenate([whole[:1], found[1:]])
