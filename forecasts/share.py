"""The inference share of fleet chip-hours: a state in log odds, published statements, leave-one-out.

Belongs here: the state, the observation equations, what each anchor is worth.
Does not belong here: which statements there are (anchors.py), FLOP and dollars (demand.py), how large the fleet is.

State, by quarter t from 2023: logit s[t] = level + sum of drift + random walk; the drift decays from share_decay_from.
Anchor: logit y = logit s(year) + offset(unit, population, flow or stock) + error (t with 4 degrees, own sd).
Readings of one quantity (a group) disagree because one of them at most is right: a group's likelihood is the mean of its
members' likelihoods. A reading far from the others thus widens the posterior instead of shifting a mean.
The anchors update the state alone: so few say nothing about the priors of the offsets (a cut posterior).
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from forecasts.anchors import Anchor
from forecasts.assumptions import Z90, Draws, expit, from_z, logit, rng, value

FIRST = "2023Q1"
CANDIDATES = 500  # state trajectories weighed on each path
DEGREES = int(value("anchor_degrees_of_freedom"))
WIDEST = 0.40  # 80% width above which a prediction says nothing


def _scale(sd: float) -> float:
    """Scale of a t error with this standard deviation."""
    return sd * np.sqrt((DEGREES - 2) / DEGREES)


def _log_t(x: np.ndarray, sd: float) -> np.ndarray:
    scale = _scale(sd)
    return -(DEGREES + 1) / 2 * np.log1p((x / scale) ** 2 / DEGREES) - np.log(scale)


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
        step = value("share_walk_sd") / np.sqrt(4)  # quarters a year
        self.walk = np.cumsum(step * rng(seed, "share walk").standard_normal((len(self.grid), m)), axis=0)
        decay_from = value("share_decay_from")
        when = self.grid.year + (self.grid.quarter - 0.5) / 4
        t = np.asarray(when)
        decay = draws["share_drift_decay"]
        late = np.maximum(t - decay_from, 0)[:, None]
        # years of full drift until t: as time to decay_from, then the integral of decay ** time
        self.years = np.minimum(t, decay_from)[:, None] - t[0] + (1 - decay**late) / -np.log(decay)
        start = pd.Period(shift_from, "Q")
        self.years_ahead = np.maximum(t - (start.year + start.quarter / 4), 0)[:, None]
        self.paths = np.arange(len(decay))
        self.uniform = rng(seed, "share choice").random(len(decay))

    def mean_of(self, year: int) -> np.ndarray:
        """Mean log odds over a year's quarters: (candidates, paths)."""
        mask = np.asarray(self.grid.year) == year
        years = self.years[mask].mean(axis=0)
        walk = self.walk[mask].mean(axis=0)
        return (self.level + walk)[:, None] + self.drift[:, None] * years[None, :]

    def weights(self, observed: list[Anchor]) -> np.ndarray:
        """Normalised weights (candidates, paths) given the anchors."""
        log_w = np.zeros((CANDIDATES, len(self.paths)))
        for group in sorted({a.group for a in observed}):
            members = [a for a in observed if a.group == group]
            each = [_log_t(logit(a.value) - a.offset - self.mean_of(a.year), a.sd) for a in members]
            log_w += np.logaddexp.reduce(each, axis=0) - np.log(len(members))
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
    """`share_anchors`: per anchor its value, what all other groups predict for it (80%), and what the prior is worth.

    Columns: anchor_id, reading_of (its group), year, value (share), unit, population, flow_or_stock, read_in, sd_log_odds,
    reported_on, p10, p50, p90 (predictive share of the left-out anchor, its own error included), width_80, inside_80,
    width_ok (at most .40), state_p10, state_p50, state_p90 (fleet chip-hour share of that year without its group),
    median_shift (fleet chip-hour share of that year with all anchors less without its group), prior_weight (posterior over
    prior variance of the state's log odds given the offsets: the weight of the prior mean in a linear Gaussian model) and
    prior_share_of_posterior_variance (what the priors of the offsets and composites add, plus the prior's weight in
    the rest; all anchors used).
    """
    everything = state.weights(found)
    chosen = state.choose(found)
    levels = (0.1, 0.5, 0.9)
    out = []
    for a in found:
        x = state.mean_of(a.year)
        alone = x[state.choose([b for b in found if b.group != a.group]), state.paths]
        noise = rng(seed, f"anchor {a.anchor_id}").standard_t(DEGREES, len(alone)) * _scale(a.sd)
        # a composite carries priors of its own: its spread belongs to the prediction, not to the value
        spread = logit(a.value) - np.median(logit(a.value))
        predicted = np.quantile(expit(alone + a.offset + noise - spread), levels)
        fleet = np.quantile(expit(alone), levels)
        mean = (everything * x).sum(axis=0)
        within = ((everything * x**2).sum(axis=0) - mean**2).mean()
        between = mean.var()  # over paths: priors of offsets and composites, which the anchors do not update
        weight = min(within / x.var(), 1.0)
        middle, width = float(np.median(a.value)), float(predicted[2] - predicted[0])
        out.append(
            {
                "anchor_id": a.anchor_id,
                "reading_of": a.group,
                "year": a.year,
                "value": middle,
                "unit": a.unit,
                "population": a.population,
                "flow_or_stock": a.flow_or_stock,
                "read_in": a.read_in,
                "sd_log_odds": a.sd,
                "reported_on": a.reported_on,
                "p10": predicted[0],
                "p50": predicted[1],
                "p90": predicted[2],
                "width_80": width,
                "inside_80": bool(predicted[0] <= middle <= predicted[2]),
                "width_ok": width <= WIDEST,
                "state_p10": fleet[0],
                "state_p50": fleet[1],
                "state_p90": fleet[2],
                "median_shift": float(np.median(expit(x[chosen, state.paths])) - fleet[1]),
                "prior_weight": float(weight),
                "prior_share_of_posterior_variance": float((between + weight * within) / (between + within)),
            }
        )
    return pd.DataFrame(out)
