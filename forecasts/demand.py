"""Demand: three accountings of the split, and what tokens and training runs explain from the bottom up.

Belongs here: chip-hours, executed FLOP and dollars; tokens to chip-hours; training runs to chip-hours; the residual.
Does not belong here: the share itself (share.py). Tokens are never scaled to close the residual.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecasts import stock
from forecasts.assumptions import Draws, expit, logit, value
from forecasts.outlook import Fleet

H100_FLOP_PER_S = 989.5e12  # dense 16-bit, the definition of one H100e
SIDES = {
    "capacity": "top_down",
    "capacity_inference": "top_down",
    "capacity_training_and_rnd": "top_down",
    "llm_prefill": "bottom_up",
    "llm_decode": "bottom_up",
    "llm_inference": "bottom_up",
    "final_training_runs": "bottom_up",
    "other_rnd": "bottom_up",
    "training_and_rnd": "bottom_up",
    "unexplained": "residual",
    "unexplained_inference": "residual",
    "unexplained_training_and_rnd": "residual",
}
# Scopes that do not contain one another; each is one organisation's own definition of a token.
SCOPES = (("alphabet", "all-products"), ("bytedance", "doubao"), ("openai", "api"), ("fireworks-ai", "platform"))


def hours(grid: pd.PeriodIndex) -> np.ndarray:
    """Clock hours per quarter, as a column."""
    return np.diff(stock.starts(grid))[:, None] * 24.0


def mean_over_quarter(stock: np.ndarray) -> np.ndarray:
    """Mean of the stock at the beginning and end of each quarter."""
    before = np.concatenate([np.zeros((1, stock.shape[1])), stock[:-1]])
    return (before + stock) / 2


def capacity_hours(fleet: Fleet, draws: Draws) -> np.ndarray:
    """16-bit H100e-hours on offer per quarter (quarters, paths)."""
    return mean_over_quarter(fleet.operational["h100e_16bit"]) * hours(fleet.grid) * draws["availability"]


def phase_utilisation(draws: Draws, phase: str) -> np.ndarray:
    """Executed over peak 16-bit FLOP in service of a phase (prefill, decode or training): what a benchmark measured, times
    what of it is reached in production."""
    ratio = draws["training_production_ratio" if phase == "training" else "inference_production_ratio"]
    return draws[f"{phase}_utilisation_measured"] * ratio


def inference_utilisation(draws: Draws) -> np.ndarray:
    """Executed over peak 16-bit FLOP: prefill and decode joined by the FLOP of each."""
    d = draws["decode_share_of_flop"]
    return 1 / ((1 - d) / phase_utilisation(draws, "prefill") + d / phase_utilisation(draws, "decode"))


def rnd_utilisation(draws: Draws) -> np.ndarray:
    """Training and R&D; rollouts are decode-shaped and run at the inference utilisation."""
    r = draws["rollout_share_of_rnd"]
    return (1 - r) * phase_utilisation(draws, "training") + r * inference_utilisation(draws)


def electricity_twh(fleet: Fleet) -> np.ndarray:
    """Electricity that the facilities draw, TWh per quarter (quarters, paths)."""
    return mean_over_quarter(fleet.draw_gw) * hours(fleet.grid) / 1e3


def fleet_cost(fleet: Fleet, draws: Draws) -> np.ndarray:
    """Depreciation and electricity of the operational fleet, usd_m per quarter (quarters, paths)."""
    capital = mean_over_quarter(fleet.capital_usd_m) * draws["system_cost_multiplier"]
    electricity = electricity_twh(fleet) * draws["electricity_usd_per_mwh"]
    return capital / (4 * draws["book_life_years"]) + electricity


def accountings(fleet: Fleet, share: np.ndarray, draws: Draws) -> dict[str, dict[str, np.ndarray]]:
    """Per accounting the paths of inference, training_and_rnd and total; `share` is of chip-hours (quarters, paths)."""
    n = len(share)
    capacity = capacity_hours(fleet, draws)[-n:]
    flop = capacity * 3600 * H100_FLOP_PER_S
    inference_flop = flop * share * inference_utilisation(draws)
    rnd_flop = flop * (1 - share) * rnd_utilisation(draws)
    cost = fleet_cost(fleet, draws)[-n:]
    dollars = expit(logit(share) + np.log(draws["inference_cost_ratio"]))
    split = {
        "chip_hours": (capacity * share, capacity * (1 - share)),
        "executed_flop": (inference_flop, rnd_flop),
        "dollars": (cost * dollars, cost * (1 - dollars)),
    }
    return {name: {"inference": i, "training_and_rnd": r, "total": i + r} for name, (i, r) in split.items()}


def scope_series(token_usage: pd.DataFrame, grid: pd.PeriodIndex) -> pd.DataFrame:
    """Tokens per day by quarter and scope: log-linear between disclosures, nothing before the first or after the last.

    A quarter counts where its middle lies within half a quarter of the disclosed span.
    """
    if token_usage.empty:
        return pd.DataFrame(index=grid)
    t = token_usage.assign(day=stock.days(token_usage["observed_on"]))
    scope = t["scope"].astype(str).str.lower().str.replace(r"[^a-z0-9]+", "-", regex=True)
    middle = stock.days(grid.start_time) + 45
    columns = {}
    for org, kind in SCOPES:
        rows = t[(t["organisation_id"] == org) & scope.str.startswith(kind)].sort_values(["day", "reported_on"])
        rows = rows.drop_duplicates("day", keep="last")
        if len(rows) < 2:
            continue
        value = np.exp(np.interp(middle, rows["day"], np.log(rows["tokens_per_day"])))
        inside = (middle >= rows["day"].iloc[0] - 45) & (middle <= rows["day"].iloc[-1] + 45)
        columns[f"{org}/{kind}"] = np.where(inside, value, np.nan)
    return pd.DataFrame(columns, index=grid)


def world_tokens(series: pd.DataFrame, coverage: np.ndarray) -> np.ndarray | None:
    """Tokens a day (quarters, paths): the fullest quarter over coverage, chained by scopes present in both quarters."""
    if series.empty or series.notna().sum(axis=1).max() == 0:
        return None
    count = series.notna().sum(axis=1).to_numpy()
    reference = int(np.flatnonzero(count == count.max())[0])
    index = np.full(len(series), np.nan)
    index[reference] = float(series.iloc[reference].sum())
    values = series.to_numpy()
    for step in (-1, 1):
        i = reference + step
        while 0 <= i < len(series):
            both = ~np.isnan(values[i]) & ~np.isnan(values[i - step])
            if not both.any():
                break
            index[i] = index[i - step] * values[i, both].sum() / values[i - step, both].sum()
            i += step
    return index[:, None] / coverage


def final_run_flop(training_runs: pd.DataFrame, grid: pd.PeriodIndex) -> np.ndarray:
    """Training FLOP of listed runs by quarter in which it was spent: the days before release."""
    runs = training_runs[training_runs["training_flop"].notna() & training_runs["released_on"].notna()]
    spans = pd.DataFrame({"period_end": runs["released_on"]})
    spans["period_start"] = spans["period_end"] - pd.Timedelta(days=value("final_run_days") - 1)
    return stock.overlap(spans, grid) @ runs["training_flop"].to_numpy(float)


def last_complete_quarter(listed: np.ndarray) -> int:
    """The last quarter with enough FLOP beside the best year's mean: closed models disclose nothing since.

    Thinner quarters are neither a truth nor a growth base; growth priors take their place.
    """
    best = max(listed[max(i - 3, 0) : i + 1].mean() for i in range(len(listed)))
    return int(np.flatnonzero(listed >= best * value("training_disclosure_floor"))[-1])


@dataclass(frozen=True)
class Reach:
    """The last quarter each side's disclosures reach."""

    tokens: pd.Period | None
    training: pd.Period | None

    def limit(self, bucket: str, last_reported: pd.Period) -> pd.Period:
        """The last quarter in which a bucket of the reconciliation rests on no growth prior."""
        needs_tokens = bucket.startswith("llm") or bucket in ("unexplained", "unexplained_inference")
        needs_training = (
            SIDES[bucket] != "top_down" and not bucket.startswith("llm") and bucket != "unexplained_inference"
        )
        sides = [self.tokens if needs_tokens else None, self.training if needs_training else None]
        return min([last_reported, *(s for s in sides if s is not None)])


def reach(marts: Mapping, grid: pd.PeriodIndex, n_history: int) -> Reach:
    """How far tokens and training FLOP are disclosed."""
    index = world_tokens(scope_series(marts["token_usage"], grid), np.ones(1))
    tokens = None if index is None else grid[np.flatnonzero(~np.isnan(index[:, 0]))[-1]]
    runs = marts["training_runs"]
    training = grid[last_complete_quarter(final_run_flop(runs, grid)[:n_history])] if len(runs) else None
    return Reach(tokens, training)


def _extend(values: np.ndarray, last: int, base: np.ndarray, growth: np.ndarray) -> np.ndarray:
    """`values` continued after row `last` from `base`, by yearly log growth that decays."""
    out = values.copy()
    years = np.arange(1, len(values) - last)[:, None] / 4
    decay = value("demand_growth_decay")
    total = growth * (1 - decay**years) / -np.log(decay)
    out[last + 1 :] = base * np.exp(total)
    return out


def bottom_up(marts: Mapping, grid: pd.PeriodIndex, n_history: int, draws: Draws) -> dict[str, np.ndarray]:
    """16-bit H100e-hours per bucket (quarters, paths); NaN where no disclosure reaches; growth priors after history."""
    n = len(draws["availability"])
    blank = np.full((len(grid), n), np.nan)
    out = {name: blank.copy() for name in ("llm_prefill", "llm_decode", "final_training_runs", "other_rnd")}
    per_hour = 3600 * H100_FLOP_PER_S
    world = world_tokens(scope_series(marts["token_usage"], grid), draws["token_coverage"])
    if world is not None:
        last = int(np.flatnonzero(~np.isnan(world[:, 0]))[-1])
        world = _extend(world, last, world[last], draws["token_growth"] + draws["compute_per_token_growth"])
        per_token = (
            2 * draws["active_parameters_bn"] * 1e9 * draws["serving_overhead"] * (1 - draws["cached_token_share"])
        )
        flop = world * hours(grid) / 24 * per_token
        d = draws["decode_share_of_flop"]
        out["llm_prefill"] = flop * (1 - d) / (per_hour * phase_utilisation(draws, "prefill"))
        out["llm_decode"] = flop * d / (per_hour * phase_utilisation(draws, "decode"))
    if len(marts["training_runs"]):
        listed = final_run_flop(marts["training_runs"], grid)
        last = last_complete_quarter(listed[:n_history])
        final = np.repeat(listed[:, None], n, axis=1) / draws["training_disclosure_coverage"]
        base = final[max(last - 3, 0) : last + 1].mean(axis=0)
        final = _extend(final, last, base, draws["training_growth"])
        runs = final / (per_hour * phase_utilisation(draws, "training"))
        out["final_training_runs"] = runs
        out["other_rnd"] = runs * (1 / draws["final_run_share"] - 1)
    return out


def reconcile(capacity: np.ndarray, share: np.ndarray, buckets: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Top-down, bottom-up and the unexplained residual per quarter, all in 16-bit H100e-hours."""
    n = len(share)
    capacity = capacity[-n:]
    b = {name: values[-n:] for name, values in buckets.items()}
    inference, rnd = b["llm_prefill"] + b["llm_decode"], b["final_training_runs"] + b["other_rnd"]
    return {
        "capacity": capacity,
        "capacity_inference": capacity * share,
        "capacity_training_and_rnd": capacity * (1 - share),
        **b,
        "llm_inference": inference,
        "training_and_rnd": rnd,
        "unexplained": capacity - inference - rnd,
        "unexplained_inference": capacity * share - inference,
        "unexplained_training_and_rnd": capacity * (1 - share) - rnd,
    }
