"""Demand: three accountings of the split, and what explains the fleet's hours part by part.

Belongs here: chip-hours, executed FLOP and dollars; tokens, training runs, laboratories, other owners and idle time as
chip-hours; the residual. Does not belong here: the share itself (share.py). Nothing is scaled to close the residual.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy.interpolate import interp1d

from forecasts import stock
from forecasts.anchors import lab_chips
from forecasts.assumptions import Draws, expit, logit, value
from forecasts.outlook import Fleet

H100_FLOP_PER_S = 989.5e12  # dense 16-bit, the definition of one H100e
HALF_QUARTER = 45  # days
TOKENS, RUNS, LABS = "tokens", "runs", "labs"
# Each bucket's side, and whose disclosures it rests on.
BUCKETS = {
    "capacity": ("top_down", ()),
    "capacity_inference": ("top_down", ()),
    "capacity_training_and_rnd": ("top_down", ()),
    "idle": ("bottom_up", ()),
    "llm_prefill": ("bottom_up", (TOKENS,)),
    "llm_decode": ("bottom_up", (TOKENS,)),
    "llm_inference": ("bottom_up", (TOKENS,)),
    "non_llm_inference": ("bottom_up", (LABS,)),
    "non_llm_training": ("bottom_up", (LABS,)),
    "final_training_runs": ("bottom_up", (RUNS,)),
    "research_runs": ("bottom_up", (LABS,)),
    "batch_work": ("bottom_up", (LABS,)),
    "training_and_rnd": ("bottom_up", (RUNS, LABS)),
    "unexplained": ("residual", (TOKENS, RUNS, LABS)),
    "unexplained_inference": ("residual", (TOKENS, LABS)),
    "unexplained_training_and_rnd": ("residual", (RUNS, LABS)),
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
    flop = capacity * (1 - draws["idle_share"]) * 3600 * H100_FLOP_PER_S
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


def scopes(token_usage: pd.DataFrame) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Per scope of SCOPES with two disclosures or more: their days and the log of tokens a day."""
    if token_usage.empty:
        return {}
    t = token_usage.assign(day=stock.days(token_usage["observed_on"]))
    scope = t["scope"].astype(str).str.lower().str.replace(r"[^a-z0-9]+", "-", regex=True)
    found = {}
    for org, kind in SCOPES:
        rows = t[(t["organisation_id"] == org) & scope.str.startswith(kind)].sort_values(["day", "reported_on"])
        rows = rows.drop_duplicates("day", keep="last")
        if len(rows) > 1:
            found[f"{org}/{kind}"] = rows["day"].to_numpy(float), np.log(rows["tokens_per_day"].to_numpy(float))
    return found


def scope_series(token_usage: pd.DataFrame, grid: pd.PeriodIndex) -> pd.DataFrame:
    """Tokens per day by quarter and scope: log-linear between disclosures, nothing before the first or after the last.

    A quarter counts where its middle lies within half a quarter of the disclosed span.
    """
    middle = stock.days(grid.start_time) + HALF_QUARTER
    columns = {}
    for name, (day, log_tokens) in scopes(token_usage).items():
        inside = (middle >= day[0] - HALF_QUARTER) & (middle <= day[-1] + HALF_QUARTER)
        columns[name] = np.where(inside, np.exp(np.interp(middle, day, log_tokens)), np.nan)
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


def reach(marts: Mapping, grid: pd.PeriodIndex, n_history: int) -> dict[str, pd.Period]:
    """The last quarter that each kind of disclosure reaches."""
    found = {}
    index = world_tokens(scope_series(marts["token_usage"], grid), np.ones(1))
    if index is not None:
        found[TOKENS] = grid[np.flatnonzero(~np.isnan(index[:, 0]))[-1]]
    if len(marts["training_runs"]):
        listed = final_run_flop(marts["training_runs"], grid)[:n_history]
        found[RUNS] = grid[last_complete_quarter(listed)]
    if years := lab_years(marts["lab_compute"]):
        found[LABS] = pd.Period(f"{years[-1]}Q4", "Q")
    elif RUNS in found:
        found[LABS] = found[RUNS]
    return found


def limit(reached: Mapping[str, pd.Period], bucket: str, last_reported: pd.Period) -> pd.Period:
    """The last quarter in which a bucket rests on no prior of growth."""
    return min([last_reported, *(reached[kind] for kind in BUCKETS[bucket][1] if kind in reached)])


def lab_years(lab_compute: pd.DataFrame) -> list[int]:
    """Years at whose end the chips of every laboratory are known."""
    if lab_compute.empty:
        return []
    count = lab_compute.groupby(lab_compute["observed_on"].dt.year)["organisation_id"].nunique()
    return sorted(count.index[count == count.max()])


def lab_share(lab_compute: pd.DataFrame, fleet: Fleet, draws: Draws) -> np.ndarray | None:
    """The laboratories' part of the fleet (quarters, paths): straight between ends of years that are known, level beyond."""
    grid = [str(quarter) for quarter in fleet.grid]
    years = [year for year in lab_years(lab_compute) if f"{year}Q4" in grid]
    if not years:
        return None
    ends = [grid.index(f"{year}Q4") for year in years]
    chips = np.array([[lab_chips(lab_compute, year).sum()] for year in years])
    known = np.minimum(chips / fleet.operational["h100e_8bit"][ends] * draws["lab_share_factor"], 1)
    return interp1d(ends, known, axis=0, bounds_error=False, fill_value=(known[0], known[-1]))(range(len(grid)))


def _extend(values: np.ndarray, last: int, base: np.ndarray, growth: np.ndarray) -> np.ndarray:
    """`values` continued after row `last` from `base`, by yearly log growth that decays."""
    out = values.copy()
    years = np.arange(1, len(values) - last)[:, None] / 4
    decay = value("demand_growth_decay")
    total = growth * (1 - decay**years) / -np.log(decay)
    out[last + 1 :] = base * np.exp(total)
    return out


def bottom_up(marts: Mapping, fleet: Fleet, draws: Draws) -> dict[str, np.ndarray]:
    """16-bit H100e-hours per part (quarters, paths); NaN where no disclosure reaches; growth priors after history."""
    grid, capacity = fleet.grid, capacity_hours(fleet, draws)
    in_use = capacity * (1 - draws["idle_share"])
    others, serving = in_use * draws["non_llm_share"], draws["non_llm_inference_share"]
    out = {
        "idle": capacity - in_use,
        "non_llm_inference": others * serving,
        "non_llm_training": others * (1 - serving),
        **{name: np.full_like(capacity, np.nan) for name in ("llm_prefill", "llm_decode")},
        **{name: np.full_like(capacity, np.nan) for name in ("final_training_runs", "research_runs", "batch_work")},
    }
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
        last = last_complete_quarter(listed[: fleet.n_history])
        final = np.repeat(listed[:, None], len(draws["availability"]), axis=1) / draws["training_disclosure_coverage"]
        base = final[max(last - 3, 0) : last + 1].mean(axis=0)
        final = _extend(final, last, base, draws["training_growth"])
        out["final_training_runs"] = final / (per_hour * phase_utilisation(draws, "training"))
    # what the laboratories hold for research, or before that was published what final runs let expect
    labs = lab_share(marts["lab_compute"], fleet, draws)
    rnd = (
        out["final_training_runs"] / draws["final_run_share"]
        if labs is None
        else in_use * labs * draws["lab_rnd_share"]
    )
    research, rollouts = rnd * (1 - draws["final_run_share"]), draws["rollout_share_of_rnd"]
    return {**out, "research_runs": research * (1 - rollouts), "batch_work": research * rollouts}


def reconcile(capacity: np.ndarray, share: np.ndarray, buckets: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Top-down, bottom-up and the unexplained residual per quarter, all in 16-bit H100e-hours.

    Idle hours are those of inference and of the rest in proportion to what either holds.
    """
    n = len(share)
    capacity = capacity[-n:]
    b = {name: values[-n:] for name, values in buckets.items()}
    llm = b["llm_prefill"] + b["llm_decode"]
    rnd = b["final_training_runs"] + b["research_runs"] + b["batch_work"]
    inference = llm + b["non_llm_inference"] + b["idle"] * share
    rest = rnd + b["non_llm_training"] + b["idle"] * (1 - share)
    return {
        "capacity": capacity,
        "capacity_inference": capacity * share,
        "capacity_training_and_rnd": capacity * (1 - share),
        **b,
        "llm_inference": llm,
        "training_and_rnd": rnd,
        "unexplained": capacity - inference - rest,
        "unexplained_inference": capacity * share - inference,
        "unexplained_training_and_rnd": capacity * (1 - share) - rest,
    }
