"""The inference share of fleet chip-hours: a state in log odds, six anchors, leave-one-out.

Belongs here: the state, the observation equations, what each anchor is worth.
Does not belong here: FLOP and dollars (demand.py), how large the fleet is (supply.py, outlook.py).

State, by quarter t from 2023: logit s[t] = level + sum of drift + random walk; the drift decays from 2025.
Anchor: logit y = logit s(year) + offset(unit, population, flow or stock) + error (t with 4 degrees, own sd).
The anchors update the state alone: six of them say nothing about the priors of the offsets (a cut posterior).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from forecasts.anchors import Anchor
from forecasts.assumptions import Z90, Draws, expit, from_z, logit, rng

FIRST = "2023Q1"
CANDIDATES = 500  # state trajectories weighed on each path
WALK_SD = 0.22  # log odds per square-root year: .05 of share at one half; judgement
DECAY_FROM = 2025.0
ANCHOR_YEARS = (2023, 2024, 2025, 2026)
# sd in log odds per kind of anchor; judgement: the further from who runs the fleet, the wider. A t4 of standard
# deviation sd has scale sd / sqrt(2).
SD = {"vendor_statement": 0.40, "composite": 0.45, "consultancy": 0.60, "consultancy_forecast": 0.70}


def _log_t4(x: np.ndarray, sd: float) -> np.ndarray:
    scale = sd / np.sqrt(2)
    return -2.5 * np.log1p((x / scale) ** 2 / 4) - np.log(scale)


class State:
    """Candidate trajectories per path, and the choice of one of them given any subset of the anchors."""

    def __init__(
        self, rows: pd.DataFrame, draws: Draws, fixed: Mapping[str, str], seed: int, last: str, shift_from: str
    ) -> None:
        self.grid = pd.period_range(FIRST, last, freq="Q")
        by_id = rows.set_index("parameter_id")
        stream = rng(seed, "share candidates")
        m = CANDIDATES

        def candidates(name: str) -> np.ndarray:
            z = (
                np.full(m, {"p10": -Z90, "p50": 0.0, "p90": Z90}[fixed[name]])
                if name in fixed
                else stream.standard_normal(m)
            )
            return from_z(by_id.loc[name].to_dict(), z)

        self.level, self.drift = logit(candidates("share_level_2023")), candidates("share_drift")
        self.walk = np.cumsum(WALK_SD / 2 * rng(seed, "share walk").standard_normal((len(self.grid), m)), axis=0)
        when = self.grid.year + (self.grid.quarter - 0.5) / 4
        t = np.asarray(when)
        decay = draws["share_drift_decay"]
        late = np.maximum(t - DECAY_FROM, 0)[:, None]
        # years of full drift until t: as time to 2025, then the integral of decay ** time
        self.years = np.minimum(t, DECAY_FROM)[:, None] - t[0] + (1 - decay**late) / -np.log(decay)
        start = pd.Period(shift_from, "Q")
        self.years_ahead = np.maximum(t - (start.year + start.quarter / 4), 0)[:, None]
        self.paths = np.arange(len(decay))
        self.uniform = rng(seed, "share choice").random(len(decay))
        self.anchor_year = {y: self._mean_of(np.asarray(self.grid.year) == y) for y in ANCHOR_YEARS}

    def _mean_of(self, mask: np.ndarray) -> np.ndarray:
        """Mean log odds over the masked quarters: (candidates, paths)."""
        years = self.years[mask].mean(axis=0)
        walk = self.walk[mask].mean(axis=0)
        return (self.level + walk)[:, None] + self.drift[:, None] * years[None, :]

    def weights(self, observed: list[Anchor]) -> np.ndarray:
        """Normalised weights (candidates, paths) given the anchors."""
        log_w = np.zeros((CANDIDATES, len(self.paths)))
        for a in observed:
            log_w += _log_t4(logit(a.value) - a.offset - self.anchor_year[a.year], SD[a.kind])
        w = np.exp(log_w - log_w.max(axis=0))
        return w / w.sum(axis=0)

    def choose(self, observed: list[Anchor]) -> np.ndarray:
        """One candidate per path, drawn by its weight."""
        cumulative = np.cumsum(self.weights(observed), axis=0)
        return np.minimum((cumulative < self.uniform).sum(axis=0), CANDIDATES - 1)

    def trajectory(self, chosen: np.ndarray, shift: np.ndarray) -> np.ndarray:
        """Shares by quarter (quarters, paths); `shift`: extra drift a year after the last quarter known."""
        state = self.level[chosen] + self.drift[chosen] * self.years + self.walk[:, chosen]
        return expit(state + shift * self.years_ahead)


def leave_one_out(state: State, found: list[Anchor], seed: int) -> pd.DataFrame:
    """`share_anchors`: per anchor its value, what the others predict for it (80%), and what the prior is worth.

    Columns: anchor_id, year, value (share), unit, population, flow_or_stock, sd_log_odds, reported_on, p10, p50, p90
    (predictive share of the left-out anchor, its own error included), width_80, inside_80, width_ok (at most .40),
    state_p10, state_p50, state_p90 (fleet chip-hour share of that year without it), prior_weight (posterior over prior
    variance of the state's log odds given the offsets: the weight of the prior mean in a linear Gaussian model) and
    prior_share_of_posterior_variance (what the priors of the offsets and composites add, plus the prior's weight in
    the rest; all anchors used).
    """
    everything = state.weights(found)
    out = []
    for a in found:
        others = [b for b in found if b is not a]
        x = state.anchor_year[a.year]
        alone = x[state.choose(others), state.paths]
        noise = rng(seed, f"anchor {a.anchor_id}").standard_t(4, len(alone)) * SD[a.kind] / np.sqrt(2)
        # a composite carries priors of its own: its spread belongs to the prediction, not to the value
        spread = logit(a.value) - np.median(logit(a.value))
        predicted = np.quantile(expit(alone + a.offset + noise - spread), (0.1, 0.5, 0.9))
        fleet = np.quantile(expit(alone), (0.1, 0.5, 0.9))
        mean = (everything * x).sum(axis=0)
        within = ((everything * x**2).sum(axis=0) - mean**2).mean()
        between = mean.var()  # over paths: priors of offsets and composites, which the anchors do not update
        weight = min(within / x.var(), 1.0)
        value = float(np.median(a.value))
        out.append(
            {
                "anchor_id": a.anchor_id,
                "year": a.year,
                "value": value,
                "unit": a.unit,
                "population": a.population,
                "flow_or_stock": a.flow_or_stock,
                "sd_log_odds": SD[a.kind],
                "reported_on": a.reported_on,
                "p10": predicted[0],
                "p50": predicted[1],
                "p90": predicted[2],
                "width_80": predicted[2] - predicted[0],
                "inside_80": bool(predicted[0] <= value <= predicted[2]),
                "width_ok": bool(predicted[2] - predicted[0] <= 0.40),
                "state_p10": fleet[0],
                "state_p50": fleet[1],
                "state_p90": fleet[2],
                "prior_weight": float(weight),
                "prior_share_of_posterior_variance": float((between + weight * within) / (between + within)),
            }
        )
    return pd.DataFrame(out)
