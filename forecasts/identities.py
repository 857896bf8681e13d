"""The stock-flow system closes: what must be equal in every path, from dollars over chips, power and FLOP to tokens.

Belongs here: identities between quantities that are computed or kept apart. Does not belong here: how they are computed.
"""

from collections.abc import Iterable, Iterator, Mapping

import numpy as np
import pandas as pd

from forecasts import demand, outlook, stock
from forecasts.assumptions import Draws
from forecasts.compute_frames import Paths
from forecasts.panel import quarter_ordinal
from forecasts.supply import DEFINITIONS, Shipments, per_unit
from forecasts.vendor_paths import CAPEX_TOTAL, VENDOR_TOTAL

TOLERANCE = 1e-9
SUMS = ("llm_inference", "training_and_rnd")
# Name, table, and both sides, which are equal where neither is missing.
Identity = tuple[str, str, np.ndarray, np.ndarray]


def gap(left: np.ndarray, right: np.ndarray) -> float:
    """The largest difference in any quarter and path, relative to the larger side; NaN where nothing is compared."""
    both = ~(np.isnan(left) | np.isnan(right))
    if not both.any():
        return np.nan
    size = np.maximum(np.abs(left[both]), np.abs(right[both]))
    return float(np.max(np.abs(left[both] - right[both]) / np.where(size > 0, size, 1)))


def _sum(parts: Iterable[np.ndarray]) -> np.ndarray:
    return np.sum(list(parts), axis=0)


def largest_gaps(identities: Iterable[Identity]) -> pd.DataFrame:
    """Per identity (columns identity, table_name) the largest gap of all scenarios; NaN where none compares anything."""
    rows = [(name, table, gap(left, right)) for name, table, left, right in identities]
    found = pd.DataFrame(rows, columns=["identity", "table_name", "largest_gap"])
    return found.groupby(["identity", "table_name"])[["largest_gap"]].max().reset_index()


def _shipped(s: Shipments, own: Mapping[str, np.ndarray], run: Paths, marts: Mapping) -> Iterator[Identity]:
    """What is sold in quarters that reports cover in full, against units, prices and rates of the chips in them."""
    weights = stock.overlap(s.periods, run.fleet.grid)
    ends = stock.days(run.fleet.grid.end_time.normalize())
    whole = (weights.sum(axis=1) > 0) & (ends <= stock.days(s.periods["period_end"])[-1])
    money = np.einsum("qf,fcp->qp", weights, s.cost_usd_m)
    yield "dollars_of_chips_are_spending", "chip_market", own["spend_usd_m"][whole], money[whole]
    if s.designer_id in run.fleet.sales_usd_m:
        first = quarter_ordinal(str(run.fleet.grid[0]))
        place = [quarter_ordinal(quarter) - first for quarter in s.periods["calendar_quarter"]]
        sold_for = run.fleet.sales_usd_m[s.designer_id][place]
        yield "accelerator_revenue_is_of_chips", "chip_market", sold_for, s.spend_usd_m
    for d in DEFINITIONS:
        chips = np.einsum("qf,fcp,c->qp", weights, s.units, np.nan_to_num(per_unit(s, marts["chips"], d)))
        sold = np.diff(own[f"sold_{d}"], axis=0, prepend=0)
        yield f"units_times_rate_are_{d}", "installed_base", sold[whole], chips[whole]


def _stocks(run: Paths, draws: Draws) -> Iterator[Identity]:
    fleet, n = run.fleet, len(run.fleet.grid)
    live, dead = stock.kernels(draws, n)
    watts = _sum(own["tdp_mw"] for own in fleet.designers.values()) / 1e3
    power = watts * draws["server_power_factor"] * draws["pue"]
    lit = fleet.power_gw / power
    for d in DEFINITIONS:
        every = fleet.designers.values()
        arrived = _sum(stock.convolve(np.diff(own[f"sold_{d}"], axis=0, prepend=0), live + dead) for own in every)
        gone, there = (_sum(own[f"{state}_{d}"] for own in every) for state in ("retired", "operational"))
        yield f"arrived_runs_or_is_retired_{d}", "installed_base", arrived, there + gone
        yield f"fleet_is_its_designers_{d}", "installed_base", fleet.operational[d], there * lit
    capital = _sum(stock.convolve(own["spend_usd_m"], live) for own in fleet.designers.values())
    yield "capital_is_spending_that_still_runs", "compute_demand", fleet.capital_usd_m, capital * lit
    spend = _sum(own["spend_usd_m"] for own in fleet.designers.values())
    yield "spending_is_its_designers", "chip_market", fleet.spend_usd_m, spend
    drawn = demand.mean_over_quarter(fleet.power_gw) * draws["facility_load_factor"] * demand.hours(fleet.grid) / 1e3
    yield "electricity_is_power_over_time", "quantiles", demand.electricity_twh(fleet), drawn


def _money(run: Paths) -> Iterator[Identity]:
    """Sums of the vendors' paths, and the accelerators in them."""
    fleet = run.fleet
    for line in (fleet.lines[key] for key in (VENDOR_TOTAL, CAPEX_TOTAL) if key in fleet.lines):
        quarters = range(line.first, line.first + len(line.paths))
        total = np.zeros_like(line.paths)
        for key in line.parts:
            known = [fleet.lines[key].quarter(q) for q in quarters]
            total = total + np.stack([np.broadcast_to(np.asarray(x, float), total.shape[1]) for x in known])
        yield f"{line.entity_id.replace('-', '_')}_is_its_parts", "vendor_revenue", line.paths, total
    first = quarter_ordinal(str(fleet.grid[0]))
    for name, vendor in outlook.VENDORS.items():
        if name in fleet.sales_usd_m:
            line = fleet.lines[vendor]
            ahead = slice(line.first - first, line.first - first + len(line.paths))
            of_chips = fleet.revenue_usd_m[name][ahead]
            # A line can end a quarter after the grid does.
            yield "accelerators_lie_in_vendor_paths", "chip_market", of_chips, line.paths[: len(of_chips)]


def _work(run: Paths, draws: Draws, marts: Mapping) -> Iterator[Identity]:
    """Chip-hours, FLOP, dollars and tokens of the quarters of the share."""
    fleet, split, found = run.fleet, run.demand, run.reconciliation
    n = len(run.share_grid)
    per_hour = 3600 * demand.H100_FLOP_PER_S
    clock = demand.hours(fleet.grid)
    on_offer = (demand.mean_over_quarter(fleet.operational["h100e_16bit"]) * clock)[-n:] * draws["availability"]
    yield "chip_hours_are_the_fleet_over_time", "compute_demand", split["chip_hours"]["total"], on_offer
    for accounting, parts in split.items():
        both = parts["inference"] + parts["training_and_rnd"]
        yield f"workloads_are_all_{accounting}", "compute_demand", parts["total"], both
    flop = {"inference": demand.inference_utilisation(draws), "training_and_rnd": demand.rnd_utilisation(draws)}
    for workload, used in flop.items():
        executed = split["chip_hours"][workload] * (1 - draws["idle_share"]) * per_hour * used
        yield f"flop_are_used_chip_hours_of_{workload}", "compute_demand", split["executed_flop"][workload], executed
    capital = demand.mean_over_quarter(fleet.capital_usd_m) * draws["system_cost_multiplier"]
    power = demand.mean_over_quarter(fleet.draw_gw) * clock / 1e3 * draws["electricity_usd_per_mwh"]
    cost = (capital / (4 * draws["book_life_years"]) + power)[-n:]
    yield "dollars_are_depreciation_and_power", "compute_demand", split["dollars"]["total"], cost
    yield "capacity_is_the_chip_hours", "reconciliation", found["capacity"], split["chip_hours"]["total"]
    top = found["capacity_inference"] + found["capacity_training_and_rnd"]
    yield "capacity_is_its_workloads", "reconciliation", found["capacity"], top
    leaves = [v for name, v in found.items() if demand.BUCKETS[name][0] == "bottom_up" and name not in SUMS]
    yield "capacity_is_explained_or_not", "reconciliation", found["capacity"], _sum(leaves) + found["unexplained"]
    rests = found["unexplained_inference"] + found["unexplained_training_and_rnd"]
    offered = found["capacity"] - found["unexplained"]
    yield "unexplained_is_its_workloads", "reconciliation", found["capacity"], offered + rests
    tokens = demand.world_tokens(demand.scope_series(marts["token_usage"], fleet.grid), draws["token_coverage"])
    if tokens is not None:
        each = 2 * draws["active_parameters_bn"] * 1e9 * draws["serving_overhead"] * (1 - draws["cached_token_share"])
        served = sum(found[f"llm_{phase}"] * demand.phase_utilisation(draws, phase) for phase in ("prefill", "decode"))
        yield "tokens_times_flop_are_used_hours", "reconciliation", served * per_hour, (tokens * clock / 24 * each)[-n:]


def of_run(run: Paths, draws: Draws, found: list[Shipments], marts: Mapping, is_base: bool) -> Iterator[Identity]:
    """Every identity of one scenario. Reported quarters are those of base, under whose draws alone they were made."""
    yield from _stocks(run, draws)
    yield from _money(run)
    if is_base:
        for s in found:
            if s.designer_id in run.fleet.designers:
                yield from _shipped(s, run.fleet.designers[s.designer_id], run, marts)
    if run.share is not None:
        past = 0 if is_base else run.n_past
        for name, table, left, right in _work(run, draws, marts):
            # a scenario's first quarter starts from base's stock, too
            yield name, table, left[past:], right[past:]
