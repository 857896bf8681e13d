"""Supply still to come: accelerators in vendors' revenue, H100e per dollar, the fleet to 2030.

Money comes from the vendors' paths alone (vendor_revenue.paths): a designer's accelerators are a share of them.
Belongs here: that share ahead, chips per dollar, the power ceiling, stocks by designer.
Does not belong here: what has been reported (supply.py), how revenue grows (vendor_revenue.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from forecasts import stock, supply
from forecasts.assumptions import Draws, rng, value
from forecasts.panel import QUARTERS_PER_YEAR, quarter_ordinal
from forecasts.supply import DEFINITIONS, Shipments
from forecasts.vendor_paths import Line

LAST_QUARTER = "2030Q4"
DAYS_PER_QUARTER = 365.25 / QUARTERS_PER_YEAR  # keeps the offset of fiscal quarters to the calendar constant
# The vendor series that holds each merchant's accelerators.
VENDORS = {"nvidia": "nvidia-data-center", "amd": "amd-data-center", "xpu": "broadcom-ai"}
Lines = Mapping[str, Line]
Bases = dict[str, tuple[pd.DataFrame, np.ndarray]]


@dataclass(frozen=True)
class Fleet:
    """Paths by calendar quarter, shape (quarters, paths); `designers` holds the same per designer."""

    grid: pd.PeriodIndex
    n_history: int  # quarters of the grid that are covered by reported revenue
    operational: dict[str, np.ndarray]  # per H100e definition, end of quarter
    spend_usd_m: np.ndarray  # accelerators shipped in the quarter
    capital_usd_m: np.ndarray  # accelerator price of what is operational
    power_gw: np.ndarray  # facility power at nameplate of what is operational
    draw_gw: np.ndarray  # what of it is drawn on average
    sales_usd_m: dict[str, np.ndarray]  # accelerator revenue per entity, by aligned quarter; NaN before the first
    revenue_usd_m: dict[str, np.ndarray]  # the vendor revenue that holds it, by the same keys; reported, then paths
    designers: dict[str, dict[str, np.ndarray]]
    extrapolated: tuple[str, ...]  # designers whose last quarters of history are extrapolated
    lines: Lines  # the vendors' paths that all of it stands on


def _later(periods: pd.DataFrame, last: str) -> pd.DataFrame:
    """The same cadence continued to `last`: 13-week periods after the last reported one."""
    quarter = pd.Period(periods["calendar_quarter"].iloc[-1], "Q")
    n = (pd.Period(last, "Q") - quarter).n
    end = periods["period_end"].iloc[-1]
    ends = [end + pd.Timedelta(days=round(DAYS_PER_QUARTER * k)) for k in range(n + 1)]
    return pd.DataFrame(
        {
            "calendar_quarter": [str(quarter + k) for k in range(1, n + 1)],
            "period_start": [e + pd.Timedelta(days=1) for e in ends[:-1]],
            "period_end": ends[1:],
        }
    )


def years_after(quarters: list[str], base: str) -> np.ndarray:
    """Years from the end of quarter `base` to the end of each quarter, as a column."""
    steps = [quarter_ordinal(q) - quarter_ordinal(base) for q in quarters]
    return np.array(steps)[:, None] / QUARTERS_PER_YEAR


def shifted(lines: Lines, after: int, draws: Draws) -> Lines:
    """All lines moved by a scenario's shift of vendors' money, from the quarter after ordinal `after`; base has none.

    It comes in over four quarters. One factor per quarter for every line: sums stay sums.
    """
    out = {}
    for key, line in lines.items():
        years = np.maximum(np.arange(len(line.paths)) + line.first - after, 0)[:, None] / QUARTERS_PER_YEAR
        out[key] = replace(line, paths=line.paths * np.exp(draws["spend_level_shift"] * np.minimum(years, 1)))
    return out


def _revenue(line: Line, grid: pd.PeriodIndex, n_paths: int) -> np.ndarray:
    """Reported revenue, then the vendor's paths (quarters, paths); NaN before the first report."""
    found = [line.quarter(quarter_ordinal(str(q))) for q in grid]
    return np.stack([np.broadcast_to(np.nan if x is None else x, n_paths) for x in found])


def _sales(marts: Mapping, bases: Bases, revenue: Mapping[str, np.ndarray], draws: Draws) -> dict[str, np.ndarray]:
    """Accelerator revenue per merchant: reported x share, then path x share ahead, by aligned quarter (quarters, paths).

    AMD's share moves from that of the reported quarters to that of the quarters to come over a year.
    """
    out = {}
    for name, total in revenue.items():
        periods, spend = bases[name]
        place = [quarter_ordinal(q) - quarter_ordinal(supply.FIRST_QUARTER) for q in periods["calendar_quarter"]]
        out[name] = np.full_like(total, np.nan)
        out[name][place] = spend
        ahead = slice(place[-1] + 1, None)
        share = supply.share_ahead(name, marts, draws)
        years = np.arange(1, len(total) - place[-1])[:, None] / QUARTERS_PER_YEAR
        if name == "amd":
            before = draws["amd_gpu_share_of_data_center"]
            share = before + (share - before) * np.minimum(years, 1)
        out[name][ahead] = total[ahead] * share
    return out


def _trainium(base: tuple[pd.DataFrame, np.ndarray], merchants: np.ndarray, grid: pd.PeriodIndex, draws: Draws):
    """Trainium, which no vendor path holds: our own estimate, growing with the merchants' total and a prior on top."""
    periods, spend = base
    last = str(periods["calendar_quarter"].iloc[-1])
    quarters = [str(q) for q in grid]
    at = quarters.index(last)
    out = np.full_like(merchants, np.nan)
    out[at + 1 - len(spend) : at + 1] = spend
    relative = draws["trainium_growth_over_merchants"] * years_after(quarters[at + 1 :], last)
    out[at + 1 :] = spend[-1] * merchants[at + 1 :] / merchants[at] * np.exp(relative)
    return out


def merchants_total(sales: Mapping[str, np.ndarray]) -> np.ndarray:
    """Accelerator revenue of the merchants, usd_m per quarter; NaN before any is known."""
    parts = np.stack([sales[name] for name in VENDORS if name in sales])
    return np.where(np.isnan(parts).all(axis=0), np.nan, np.nansum(parts, axis=0))


def _flows(
    s: Shipments,
    later: pd.DataFrame,
    spend: np.ndarray,
    chips: pd.DataFrame,
    grid: pd.PeriodIndex,
    draws: Draws,
    drift: np.ndarray,
) -> dict[str, np.ndarray]:
    """Shipments by calendar quarter: three H100e, TDP in MW, spending; reported periods, then the outlook."""
    rates = {d: supply.per_unit(s, chips, d) for d in DEFINITIONS}
    watts = supply.per_unit(s, chips, "tdp_w")
    past = {d: np.einsum("fcp,c->fp", s.units, np.nan_to_num(r)) for d, r in rates.items()}
    past["tdp_mw"] = np.einsum("fcp,c->fp", s.units, np.nan_to_num(watts)) / 1e6
    known_watts = np.einsum("fcp,c->fp", s.units, np.nan_to_num(rates["h100e_16bit"]) * ~np.isnan(watts))
    past["h100e_with_tdp"] = known_watts
    past["spend_usd_m"] = s.spend_usd_m
    t = years_after(later["calendar_quarter"].tolist(), s.periods["calendar_quarter"].iloc[-1])
    main = past["h100e_16bit"][-1] / s.spend_usd_m[-1] * np.exp(draws["price_performance_growth"] * t) * spend
    main = main * np.exp(drift[-len(t) :] - drift[-len(t)])
    when = (np.array([quarter_ordinal(q) for q in later["calendar_quarter"]])[:, None] + 1) / QUARTERS_PER_YEAR
    ramp = 1 / (1 + np.exp(-(when - draws["new_chip_ramp_middle"]) / value("new_chip_ramp_width")))

    def ratio(name: str, target: np.ndarray) -> np.ndarray:
        base = past[name][-1] / past["h100e_16bit"][-1]
        return base + (target - base) * ramp

    covered = past["h100e_with_tdp"][-1] / past["h100e_16bit"][-1]
    future = {"h100e_16bit": main, "spend_usd_m": spend, "h100e_with_tdp": main * covered}
    future["h100e_8bit"] = main * ratio("h100e_8bit", draws["ratio_8bit_of_new_chips"])
    future["h100e_bandwidth"] = main * ratio("h100e_bandwidth", draws["ratio_bandwidth_of_new_chips"])
    base_w = past["tdp_mw"][-1] / np.maximum(past["h100e_with_tdp"][-1], 1e-9)
    future["tdp_mw"] = main * base_w * np.exp(-draws["power_efficiency_growth"] * t)
    periods = pd.concat([s.periods, later], ignore_index=True)
    weights = stock.overlap(periods, grid)
    return {name: weights @ np.concatenate([past[name], future[name]]) for name in past}


def fleet(marts: Mapping, found: list[Shipments], lines: Lines, draws: Draws, seed: int) -> Fleet:
    """The fleet of all tracked designers from 2022 to 2030, one scenario. History ends with NVIDIA's last report.

    A designer is in it as soon as its vendor has a path; `found` starts with NVIDIA.
    """
    by_name = {s.designer_id: s for s in found}
    bases: Bases = {n: (s.periods, s.spend_usd_m) for n, s in by_name.items() if n in ("nvidia", "amazon")}
    bases |= {"amd": supply.amd_spend(marts, draws), "xpu": supply.xpu_spend(marts, draws)}
    # revenue alone makes a market row; chips need a mix as well
    bases = {n: base for n, base in bases.items() if len(base[0]) and (n == "amazon" or VENDORS[n] in lines)}
    last = bases["nvidia"][0]["calendar_quarter"].iloc[-1]
    grid = pd.period_range(supply.FIRST_QUARTER, LAST_QUARTER, freq="Q")
    n_history = int((grid <= pd.Period(last, "Q")).sum())
    n_paths = len(draws["availability"])
    revenue = {n: _revenue(lines[VENDORS[n]], grid, n_paths) for n in VENDORS if n in bases}
    sales = _sales(marts, bases, revenue, draws)
    if "amazon" in bases:
        sales["amazon"] = _trainium(bases["amazon"], merchants_total(sales), grid, draws)

    noise = rng(seed, "price performance").standard_normal((len(grid), n_paths))
    drift = np.cumsum(value("price_performance_noise") * noise, axis=0)
    flows: dict[str, dict[str, np.ndarray]] = {}
    for name, s in by_name.items():
        source = "xpu" if name == "alphabet" else name
        if source not in sales:
            continue
        ahead = _later(s.periods, LAST_QUARTER)
        spend = sales[source][-len(ahead) :]
        if name == "alphabet":
            spend = spend * draws["tpu_share_of_xpu_after_inputs"]
        flows[name] = _flows(s, ahead, spend, marts["chips"], grid, draws, drift)

    live, dead = stock.kernels(draws, len(grid))
    designers = {}
    for name, flow in flows.items():
        own = {f"operational_{d}": stock.convolve(flow[d], live) for d in DEFINITIONS}
        own |= {f"retired_{d}": stock.convolve(flow[d], dead) for d in DEFINITIONS}
        own |= {f"sold_{d}": np.cumsum(flow[d], axis=0) for d in DEFINITIONS}
        own |= {key: stock.convolve(flow[key], live) for key in ("tdp_mw", "h100e_with_tdp")}
        own["capital_usd_m"] = stock.convolve(flow["spend_usd_m"], live)
        own["spend_usd_m"] = flow["spend_usd_m"]
        designers[name] = own

    def total_of(key: str) -> np.ndarray:
        return np.sum([d[key] for d in designers.values()], axis=0)

    power = total_of("tdp_mw") / 1e3 * draws["server_power_factor"] * draws["pue"]
    lit = _energised(power, n_history, draws)
    return Fleet(
        grid,
        n_history,
        {d: total_of(f"operational_{d}") * lit for d in DEFINITIONS},
        total_of("spend_usd_m"),
        total_of("capital_usd_m") * lit,
        power * lit,
        power * lit * draws["facility_load_factor"],
        sales,
        revenue,
        designers,
        tuple(name for name, (p, _) in bases.items() if p["calendar_quarter"].iloc[-1] < last),
        lines,
    )


def _energised(power_gw: np.ndarray, n_history: int, draws: Draws) -> np.ndarray:
    """Share of deployed chips that have power: one in history, below where additions cannot keep up."""
    out = np.ones_like(power_gw)
    n = len(power_gw) - n_history
    step = draws["power_additions_gw"] / 4 * np.exp(draws["power_additions_growth"] * np.arange(n)[:, None] / 4)
    ceiling = power_gw[n_history - 1] + np.cumsum(step, axis=0)
    out[n_history:] = np.minimum(1.0, ceiling / power_gw[n_history:])
    return out
