"""Supply still to come: accelerator spending per designer, H100e per dollar, the fleet to 2030.

Belongs here: growth that decays, the capex ceiling, the power ceiling, stocks by designer.
Does not belong here: what has been reported (supply.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecasts import stock, supply
from forecasts.assumptions import Draws, rng, value
from forecasts.supply import DEFINITIONS, Shipments

LAST_QUARTER = "2030Q4"
# Growth shocks persist: without it the forecast of 2025-02-28 for 2026 missed by 2.6 sd. After 8 quarters sd is .24.
COMMON_GROWTH_SD, GROWTH_PERSISTENCE = 0.04, 0.6  # log per quarter; judgement on quarterly growth 2023-26
OWN_GROWTH_SD = {"nvidia": 0.03, "xpu": 0.05, "amd": 0.12, "amazon": 0.12}  # judgement: smaller vendors move more
GROWTH_SHRINK = 0.5  # a vendor's own recent growth counts half, the total's the other half
SHIFT_START = 2027.0  # spend_level_shift is phased in over four quarters from here
VENDORS = (("nvidia", "nvidia", "data-center"), ("amd", "amd", "data-center"), ("xpu", "broadcom", "ai"))
Bases = dict[str, tuple[pd.DataFrame, np.ndarray]]
FIRMS = ("amazon", "alphabet", "microsoft", "meta", "oracle")


@dataclass(frozen=True)
class Fleet:
    """Paths by calendar quarter, shape (quarters, paths); `designers` holds the same per designer."""

    grid: pd.PeriodIndex
    n_history: int  # quarters of the grid that are covered by reported revenue
    operational: dict[str, np.ndarray]  # per H100e definition, end of quarter
    spend_usd_m: np.ndarray  # accelerators shipped in the quarter
    capital_usd_m: np.ndarray  # accelerator price of what is operational
    power_gw: np.ndarray  # facility power of what is operational
    sales_usd_m: dict[str, np.ndarray]  # accelerator revenue per entity, by aligned quarter
    designers: dict[str, dict[str, np.ndarray]]
    extrapolated: tuple[str, ...]  # designers whose last quarters of history are extrapolated


def _later(periods: pd.DataFrame, last: str) -> pd.DataFrame:
    """The same cadence continued to `last`: 13-week periods after the last reported one."""
    n = (pd.Period(last, "Q") - pd.Period(periods["calendar_quarter"].iloc[-1], "Q")).n
    end = periods["period_end"].iloc[-1]
    quarter = pd.Period(periods["calendar_quarter"].iloc[-1], "Q")
    # 91.3125 days is a quarter of a year: keeps the offset to the calendar constant
    ends = [end + pd.Timedelta(days=round(91.3125 * k)) for k in range(n + 1)]
    return pd.DataFrame(
        {
            "calendar_quarter": [str(quarter + k) for k in range(1, n + 1)],
            "period_start": [e + pd.Timedelta(days=1) for e in ends[:-1]],
            "period_end": ends[1:],
        }
    )


def years_after(quarters: list[str], base: str) -> np.ndarray:
    """Years from the end of quarter `base` to the end of each quarter."""
    return np.array([(pd.Period(q, "Q") - pd.Period(base, "Q")).n / 4 for q in quarters])


def _recent_growth(spend: np.ndarray) -> np.ndarray:
    """Mean log growth per quarter over the last four, per path."""
    k = min(4, len(spend) - 1)
    return np.log(spend[-1] / spend[-1 - k]) / k if k else np.zeros(spend.shape[1])


def _ceiling(capex: pd.DataFrame, after: np.ndarray, draws: Draws) -> np.ndarray | None:
    """Vendor silicon that five-firm capex can pay for, usd_m per quarter (quarters, paths)."""
    if capex.empty:
        return None
    cash = capex[(capex["basis"] == "cash") & capex["company_id"].isin(FIRMS)].sort_values("reported_on", kind="stable")
    table = (
        cash.drop_duplicates(["company_id", "calendar_quarter"], keep="last")
        .pivot(index="calendar_quarter", columns="company_id", values="capex_usd_m")
        .dropna()
    )
    if table.shape[1] < len(FIRMS) or len(table) < 8:
        return None
    # the mean of four quarters removes the season; it is centred 1.5 quarters back, so last year's growth moves it up
    total = table.sum(axis=1).to_numpy()
    level = total[-4:].mean() * (total[-4:].mean() / total[-8:-4].mean()) ** (1.5 / 4)
    quarters = after[:, None] * 4
    first = draws["capex_growth_next_year"] / 4 * np.minimum(quarters, 4)
    later = draws["capex_growth_later"] / 4 * np.maximum(quarters - 4, 0)
    share = draws["silicon_share_of_capex"] / draws["hyperscaler_share_of_vendor_revenue"]
    return level * np.exp(first + later) * share


def _spend_paths(bases: Bases, last: str, draws: Draws, seed: int) -> dict[str, np.ndarray]:
    """Spending from each designer's first unreported quarter to the end, usd_m (quarters, paths)."""
    common = set.intersection(*[set(p["calendar_quarter"]) for name, (p, _) in bases.items() if name != "amazon"])
    total = sum(s[p["calendar_quarter"].isin(common)] for name, (p, s) in bases.items() if name != "amazon")
    growth = _recent_growth(np.asarray(total))
    long_run, half = draws["spend_growth_long_run"], draws["spend_growth_half_life"]
    grid = [str(q) for q in pd.period_range(supply.FIRST_QUARTER, LAST_QUARTER, freq="Q")]
    innovation = COMMON_GROWTH_SD * rng(seed, "growth").standard_normal((len(grid), len(half)))
    end = np.array([pd.Period(q, "Q").year + pd.Period(q, "Q").quarter / 4 for q in grid])[:, None]
    shift = draws["spend_level_shift"] * np.clip(end - SHIFT_START, 0, 1)
    out = {}
    for name, (periods, spend) in bases.items():
        first = grid.index(periods["calendar_quarter"].iloc[-1]) + 1
        own = GROWTH_SHRINK * _recent_growth(spend) + (1 - GROWTH_SHRINK) * growth
        k = np.maximum(np.arange(first, len(grid)) - grid.index(last), 0)[:, None]
        noise = OWN_GROWTH_SD[name] * rng(seed, f"growth {name}").standard_normal(innovation.shape)
        shock = stock.convolve(innovation[first:], GROWTH_PERSISTENCE ** np.arange(len(grid) - first)[:, None])
        path = long_run + (own - long_run) * 0.5 ** (k / half) + shock + noise[first:]
        out[name] = spend[-1] * np.exp(np.cumsum(path, axis=0) + shift[first:])
    return out


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
    t = years_after(later["calendar_quarter"].tolist(), s.periods["calendar_quarter"].iloc[-1])[:, None]
    main = past["h100e_16bit"][-1] / s.spend_usd_m[-1] * np.exp(draws["price_performance_growth"] * t) * spend
    main = main * np.exp(drift[-len(t) :] - drift[-len(t)])
    when = np.array([pd.Period(q, "Q").year + pd.Period(q, "Q").quarter / 4 for q in later["calendar_quarter"]])[
        :, None
    ]
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


def fleet(marts: Mapping, found: list[Shipments], draws: Draws, seed: int) -> Fleet:
    """The fleet of all tracked designers from 2022 to 2030, one scenario. History ends with NVIDIA's last report."""
    by_name = {s.designer_id: s for s in found}
    bases: Bases = {n: (by_name[n].periods, by_name[n].spend_usd_m) for n in ("nvidia", "amazon") if n in by_name}
    bases |= {"amd": supply.amd_spend(marts, draws), "xpu": supply.xpu_spend(marts, draws)}
    # revenue alone makes a market row; chips need a mix as well
    bases = {name: base for name, base in bases.items() if len(base[0])}
    last = bases["nvidia"][0]["calendar_quarter"].iloc[-1]
    grid = pd.period_range(supply.FIRST_QUARTER, LAST_QUARTER, freq="Q")
    n_history = int((grid <= pd.Period(last, "Q")).sum())
    outlook = _spend_paths(bases, last, draws, seed)
    sales = {name: _on(grid, *base, outlook[name]) for name, base in bases.items()}
    later = [str(q) for q in grid[n_history:]]

    ceiling = _ceiling(marts["capex_quarters"], years_after(later, last), draws)
    if ceiling is not None:
        total = _gross_up(marts, last, sales, n_history) * sum(sales[n][n_history:] for n in sales if n != "amazon")
        factor = np.minimum(1.0, ceiling / total)
        for name, (periods, _) in bases.items():
            reported = int((grid <= pd.Period(periods["calendar_quarter"].iloc[-1], "Q")).sum())
            skip = max(reported - n_history, 0)  # what has been reported is not cut
            sales[name][n_history + skip :] *= factor[skip:]

    noise = rng(seed, "price performance").standard_normal((len(grid), len(draws["availability"])))
    drift = np.cumsum(value("price_performance_noise") * noise, axis=0)
    flows: dict[str, dict[str, np.ndarray]] = {}
    for name, s in by_name.items():
        ahead = _later(s.periods, LAST_QUARTER)
        spend = sales["xpu" if name == "alphabet" else name][-len(ahead) :]
        if name == "alphabet":
            reported = sales["xpu"][-len(ahead) - 1]
            spend = spend * np.minimum(s.spend_usd_m[-1] / reported, 1.0)
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
        sales,
        designers,
        tuple(name for name, (p, _) in bases.items() if p["calendar_quarter"].iloc[-1] < last),
    )


def _on(grid: pd.PeriodIndex, periods: pd.DataFrame, values: np.ndarray, ahead: np.ndarray) -> np.ndarray:
    """Reported values, then the outlook, by aligned quarter on the grid; NaN before the first report."""
    out = np.full((len(grid), values.shape[1]), np.nan)
    place = {str(q): i for i, q in enumerate(grid)}
    for row, quarter in enumerate(periods["calendar_quarter"]):
        out[place[quarter]] = values[row]
    out[len(grid) - len(ahead) :] = ahead
    return out


def _gross_up(marts: Mapping, last: str, sales: Mapping[str, np.ndarray], n_history: int) -> np.ndarray:
    """Vendor revenue (with networking and CPUs) per dollar of accelerators, from vendors that reported `last`."""
    revenue, accelerators = 0.0, np.zeros(1)
    for name, vendor, segment in VENDORS:
        rows = supply.quarters(marts["vendor_quarters"], vendor, segment)
        rows = rows[rows["calendar_quarter"] == last] if len(rows) else rows
        if name in sales and len(rows):
            revenue += float(rows["value_usd_m"].iloc[-1])
            accelerators = accelerators + sales[name][n_history - 1]
    return revenue / accelerators


def _energised(power_gw: np.ndarray, n_history: int, draws: Draws) -> np.ndarray:
    """Share of deployed chips that have power: one in history, below where additions cannot keep up."""
    out = np.ones_like(power_gw)
    n = len(power_gw) - n_history
    step = draws["power_additions_gw"] / 4 * np.exp(draws["power_additions_growth"] * np.arange(n)[:, None] / 4)
    ceiling = power_gw[n_history - 1] + np.cumsum(step, axis=0)
    out[n_history:] = np.minimum(1.0, ceiling / power_gw[n_history:])
    return out
