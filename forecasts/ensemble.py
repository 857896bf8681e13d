"""Combinations of models, and their weights chosen at each origin from earlier origins only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from forecasts import intervals
from forecasts.models.structural import MATURE_GROWTH, fading
from forecasts.panel import targets
from forecasts.vendor_records import HORIZONS, Records

# --- candidates for the centre -------------------------------------------------------------------------------------

MEANS: dict[str, tuple[str, ...]] = {
    **{key: (key,) for key in ("naive", "log_drift", "shrunk_drift", "dotm_theta", "auto_arima", "damped_ets")},
    **{key: (key,) for key in ("structural", "pooled_ridge", "reverting_growth")},
    "drift_theta": ("log_drift", "dotm_theta"),
    "drift_naive": ("log_drift", "naive"),
    "drift_theta_arima": ("log_drift", "dotm_theta", "auto_arima"),
    "drift_theta_reverting": ("log_drift", "dotm_theta", "reverting_growth"),
    "mean_of_five": ("log_drift", "shrunk_drift", "dotm_theta", "auto_arima", "damped_ets"),
}
# Weight of the guidance model by horizon. 'prototype' is forecasting_methods.md's (1, .8, .5, .25), here one candidate.
ANCHORS: dict[str, np.ndarray] = {
    "plain": np.zeros(HORIZONS),
    "fading": 0.7 ** np.arange(HORIZONS),
    "prototype": np.array([1, 0.8, 0.5, 0.25, 0, 0, 0, 0]),
}
CANDIDATES = tuple((mean, anchor) for mean in MEANS for anchor in ANCHORS)
CANDIDATE_IDS = tuple(f"{mean}+{anchor}" for mean, anchor in CANDIDATES)

# --- fixed by judgement --------------------------------------------------------------------------------------------

# Weight of the time series against fading growth (brief; forecasting_methods.md, "Explosion and the budget constraint").
TIME_SERIES_WEIGHT = ((2, 4, 8, 12, 16), (1.0, 0.8, 0.5, 0.2, 0.0))


@dataclass(frozen=True)
class Selection:
    """How past losses become weights; the published rule is the default, the others are reported beside it."""

    sharpness: float | None = 1.0  # weight ∝ exp(-sharpness × effective n × relative loss); None takes the best one
    pseudo_own: float = 8.0  # pooled losses count for this many of the series' own
    pseudo_ties: float = 4.0  # records at which all candidates are taken to tie

    @property
    def rule_id(self) -> str:
        """A readable id."""
        own = "pooled" if np.isinf(self.pseudo_own) else f"own{self.pseudo_own:g}"
        return f"{'best' if self.sharpness is None else f'soft{self.sharpness:g}'}-{own}"


DEFAULT_SELECTION = Selection()
SELECTIONS = tuple(Selection(sharpness, own) for sharpness in (0.0, 0.25, 1.0, 4.0, None) for own in (np.inf, 8.0))


def centres(records: Records) -> np.ndarray:
    """Log medians of every candidate, (rows, candidates, horizons)."""
    drift, guided = records.median("log_drift"), records.median("guidance")
    found = []
    for mean, anchor in CANDIDATES:
        members = np.stack([records.median(member) for member in MEANS[mean]])
        present = np.isfinite(members)
        count = present.sum(axis=0)
        centre = np.where(count > 0, np.where(present, members, 0).sum(axis=0) / np.maximum(count, 1), drift)
        weight = np.pad(ANCHORS[anchor], (0, max(0, records.horizons - HORIZONS)))[: records.horizons]
        found.append(np.where(np.isfinite(guided), (1 - weight) * centre + weight * guided, centre))
    return np.stack(found, axis=1)


def losses(records: Records, centre: np.ndarray) -> np.ndarray:
    """Log-WIS of every candidate with the default intervals, (rows, candidates, eight horizons)."""
    found = []
    for h in range(HORIZONS):
        errors = records.truth[:, None, h] - centre[..., h]
        found.append(intervals.log_wis(errors, intervals.scales(np.abs(errors), records.evidence(h))))
    return np.stack(found, axis=-1)


def weights(records: Records, loss: np.ndarray, selection: Selection = DEFAULT_SELECTION) -> np.ndarray:
    """Weight of every candidate, (rows, candidates, eight horizons), each row from outcomes known at its origin."""
    found = []
    for h in range(HORIZONS):
        evidence = records.evidence(h)
        known = evidence.known & records.is_scored[None, :]
        # Relative to the mean of the candidates, so that a calm and a wild series weigh alike.
        relative = loss[..., h] / loss[..., h].mean(axis=1, keepdims=True) - 1
        found.append(_posterior(np.nan_to_num(relative), known, evidence.own, h + 1, selection))
    return np.stack(found, axis=-1)


def _posterior(
    relative: np.ndarray, known: np.ndarray, own: np.ndarray, horizon: int, selection: Selection
) -> np.ndarray:
    """Weights (rows, candidates) from relative losses of known records."""
    n_pool = known.sum(axis=1, keepdims=True)
    pooled = known @ relative / (n_pool + selection.pseudo_ties)
    mean = pooled
    if np.isfinite(selection.pseudo_own):
        mine = known & own
        mean = (selection.pseudo_own * pooled + mine @ relative) / (
            selection.pseudo_own + mine.sum(axis=1, keepdims=True)
        )
    if selection.sharpness is None:
        return np.eye(relative.shape[1])[mean.argmin(axis=1)]
    # Losses h quarters ahead overlap: n of them are worth n/h.
    power = -selection.sharpness * n_pool / horizon * mean
    power = np.exp(power - power.max(axis=1, keepdims=True))
    return power / power.sum(axis=1, keepdims=True)


def combine(records: Records, centre: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """The weighted mean of the candidates, bent towards fading growth beyond two quarters: log medians (rows, H)."""
    weight = np.concatenate([weight, np.repeat(weight[..., -1:], records.horizons - HORIZONS, axis=-1)], axis=-1)
    # Capex has seasons (December peaks), which cancel over a year; vendors' guidance reaches two quarters at most.
    span = np.where(records.of_target("is_capex").astype(bool), 4, 2) if len(records.rows) else np.array([], int)
    return _consistent(records, bend((centre * weight).sum(axis=1), records.rows["log_last"].to_numpy(), span))


def bend(path: np.ndarray, log_last: np.ndarray, span: np.ndarray) -> np.ndarray:
    """Move the weight from `path` (rows, H) to a structural path: its level at h=2, then growth that fades.

    The growth to start from is what the time series expect on average over the first `span` (rows,) quarters.
    """
    horizon = path.shape[1]
    start = (path[np.arange(len(path)), span - 1] - log_last) / span
    growth = np.stack([fading(value, horizon - 2) for value in start]) if len(path) else np.empty((0, horizon - 2))
    structural = np.concatenate([path[:, :2], path[:, 1:2] + np.cumsum(growth, axis=1)], axis=1)
    weight = np.interp(np.arange(1, horizon + 1), *TIME_SERIES_WEIGHT)
    return weight * path + (1 - weight) * structural


def _consistent(records: Records, path: np.ndarray) -> np.ndarray:
    """A company's total beyond one quarter: its segment's path plus the rest of the company, growing at 2%.

    Two separate time series would let the segment outgrow the company (NVIDIA: 15% against 10% a quarter).
    """
    path = path.copy()
    steps = np.arange(records.horizons)
    where = {key: index for index, key in enumerate(zip(records.rows["entity_id"], records.origin, strict=True))}
    for index, (entity_id, origin) in enumerate(zip(records.rows["entity_id"], records.origin, strict=True)):
        part = where.get((targets()[entity_id].holds, origin))
        if part is not None:
            rest = max(np.exp(path[index, 0]) - np.exp(path[part, 0]), 0.0)
            path[index, 1:] = np.log(np.exp(path[part]) + rest * np.exp(MATURE_GROWTH * steps))[1:]
    return path


def chosen_scales(records: Records, centre: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Scales of the combined path (rows, eight horizons) and the weight of each interval rule (rows, rules, eight)."""
    found, shares = [], []
    for h in range(HORIZONS):
        errors, evidence = records.truth[:, h] - centre[:, h], records.evidence(h)
        scale = np.concatenate(intervals.scales_by_rule(np.abs(errors)[:, None], evidence, intervals.RULES), axis=1)
        loss = intervals.log_wis(errors[:, None], scale)
        reference = loss[:, [intervals.RULES.index(intervals.DEFAULT_RULE)]]
        known = evidence.known & records.is_scored[None, :]
        pooled = Selection(pseudo_own=np.inf, pseudo_ties=DEFAULT_SELECTION.pseudo_ties * (h + 1))
        share = _posterior(np.nan_to_num(loss / reference - 1), known, evidence.own, h + 1, pooled)
        found.append(np.exp((share * np.log(scale)).sum(axis=1)))
        shares.append(share)
    return np.stack(found, axis=-1), np.stack(shares, axis=-1)
