"""Inference against training: the one entry point from market tables to every compute table.

`forecast` runs base and all scenarios; `turn` holds one assumption at its p10, p50 or p90 and returns headline medians.
Belongs here: order of the steps, what is known at the origin. Does not belong here: equations, table shapes
(demand_tables.py, supply_tables.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date

import numpy as np
import pandas as pd

from forecasts import anchors, assumptions, demand, demand_tables, outlook, scenarios, share, supply, supply_tables
from forecasts.assumptions import SEED, Draws
from forecasts.compute_frames import Paths, Tag

MARTS = (
    "chip_shipments",
    "chips",
    "vendor_quarters",
    "chip_sales_inputs",
    "token_usage",
    "training_runs",
    "compute_spend",
    "compute_split",
    "lab_compute",
    "capex_quarters",
    "rental_price_index",
)
DATES = ("period_start", "period_end", "reported_on", "release_date", "released_on", "observed_on")


@dataclass(frozen=True)
class ComputeForecast:
    """Frames as published, columns in the docstrings of demand_tables and supply_tables.

    What cannot be estimated at the origin has no rows.
    """

    quantiles: pd.DataFrame
    compute_demand: pd.DataFrame
    inference_share: pd.DataFrame
    installed_base: pd.DataFrame
    chip_market: pd.DataFrame
    reconciliation: pd.DataFrame
    scenarios: pd.DataFrame
    assumptions: pd.DataFrame
    sensitivity: pd.DataFrame
    share_anchors: pd.DataFrame
    own_shipments: pd.DataFrame

    def tables(self) -> dict[str, pd.DataFrame]:
        """Name and frame of each table."""
        return {f.name: getattr(self, f.name) for f in fields(self)}


def known(marts: Mapping[str, pd.DataFrame], origin: date) -> dict[str, pd.DataFrame]:
    """Every mart as of the origin: rows reported later are dropped; a missing mart is an empty one."""
    out = {}
    for name in MARTS:
        frame = marts.get(name, pd.DataFrame()).copy()
        for column in DATES:
            if column in frame:
                frame[column] = pd.to_datetime(frame[column])
        column = "reported_on" if "reported_on" in frame else "release_date"
        if column in frame:
            frame = frame[frame[column] <= pd.Timestamp(origin)].reset_index(drop=True)
        out[name] = frame
    return out


class Model:
    """What the scenarios of one origin share: history, anchors, the chosen share states."""

    def __init__(
        self,
        marts: Mapping[str, pd.DataFrame],
        origin: date,
        n_paths: int,
        seed: int,
        fixed: Mapping[str, str] | None = None,
    ) -> None:
        self.origin, self.n_paths, self.seed = origin, n_paths, seed
        self.marts = known(marts, origin)
        self.rows = assumptions.load(origin)
        self.draws = assumptions.draw(self.rows, n_paths, seed, fixed)
        self.found = supply.history(self.marts, self.draws, seed)
        self.base_fleet = outlook.fleet(self.marts, self.found, self.draws, seed) if self.found else None
        self.anchors: list[anchors.Anchor] = []
        self.state: share.State | None = None
        self.chosen: np.ndarray | None = None
        self.base: Paths | None = None
        if self.base_fleet is None:
            return
        fleet = self.base_fleet
        grid = [str(q) for q in fleet.grid]
        last = str(fleet.grid[fleet.n_history - 1])
        stock = {
            int(q[:4]): fleet.operational["h100e_8bit"][i]
            for i, q in enumerate(grid)
            if q.endswith("Q4") and i < fleet.n_history
        }
        self.anchors = anchors.anchors(self.marts, stock, self.draws)
        if self.anchors and grid[0] <= share.FIRST:
            self.state = share.State(self.rows, self.draws, fixed or {}, seed, grid[-1], last)
            self.chosen = self.state.choose(self.anchors)

    def posterior(self) -> Draws:
        """Draws with the share state's two priors replaced by what the anchors left of them."""
        if self.state is None or self.chosen is None:
            return self.draws
        chosen = {
            "share_level_2023": assumptions.expit(self.state.level[self.chosen]),
            "share_drift": self.state.drift[self.chosen],
        }
        return {**self.draws, **chosen}

    def paths(self, changes: list[dict]) -> Paths | None:
        """All paths of one scenario; quarters already reported are those of base."""
        if self.base_fleet is None:
            return None
        if not changes and self.base is not None:
            return self.base
        draws = scenarios.apply(self.draws, changes, self.rows, self.n_paths, self.seed)
        fleet = outlook.fleet(self.marts, self.found, draws, self.seed) if changes else self.base_fleet
        if self.state is None or self.chosen is None:
            return Paths(fleet)
        shares = self.state.trajectory(self.chosen, draws["share_shift"])
        buckets = demand.bottom_up(self.marts, fleet.grid, fleet.n_history, draws)
        parts = demand.reconcile(demand.capacity_hours(fleet, draws), shares, buckets)
        out = Paths(fleet, shares, demand.accountings(fleet, shares, draws), parts)
        if not changes:
            self.base = out
            return out
        base = self.paths([])
        assert base is not None
        for new, old in (
            (out.reconciliation, base.reconciliation),
            *((out.demand[a], base.demand[a]) for a in out.demand),
        ):
            for name, values in new.items():
                values[: out.n_past] = old[name][: out.n_past]
        return out


def forecast(
    marts: Mapping[str, pd.DataFrame],
    origin: date,
    *,
    n_paths: int = 1000,
    seed: int = SEED,
    progress: Callable[[str], None] | None = None,
) -> ComputeForecast:
    """Every compute table at one origin, all scenarios; the same seed gives the same tables."""
    say = progress or (lambda _: None)
    say("history of shipments and share anchors")
    model = Model(marts, origin, n_paths, seed)
    specs = scenarios.load()
    runs: dict[str, Paths] = {}
    for spec in specs:
        say(f"scenario {spec['scenario_id']}")
        paths = model.paths(spec["changes"])
        if paths is not None:
            runs[spec["scenario_id"]] = paths
    say("tables")
    tag, base = Tag(origin, model.rows), runs.get(scenarios.BASE)
    loo = share.leave_one_out(model.state, model.anchors, seed) if model.state is not None else None
    return ComputeForecast(
        quantiles=supply_tables.quantiles(tag, runs),
        compute_demand=demand_tables.compute_demand(tag, runs),
        inference_share=demand_tables.inference_share(tag, runs),
        installed_base=supply_tables.installed_base(tag, base, model.found, model.marts, model.draws),
        chip_market=supply_tables.chip_market(tag, runs),
        reconciliation=demand_tables.reconciliation(tag, runs, model.marts),
        scenarios=scenarios.frame(specs, model.rows, origin),
        assumptions=assumptions.frame(model.rows, origin),
        sensitivity=demand_tables.sensitivity(tag, base, model.posterior()),
        share_anchors=demand_tables.share_anchors(tag, loo),
        own_shipments=supply_tables.own_shipments(tag, model.found, model.marts),
    )


def base_quantiles(
    marts: Mapping[str, pd.DataFrame], origin: date, *, n_paths: int = 1000, seed: int = SEED
) -> pd.DataFrame:
    """`quantiles` of the base scenario alone, as `forecast` gives them."""
    model = Model(marts, origin, n_paths, seed)
    paths = model.paths([])
    return supply_tables.quantiles(Tag(origin, model.rows), {} if paths is None else {scenarios.BASE: paths})


def headline(model: Model) -> dict[str, float]:
    """Medians of the outputs that `direction` in assumptions.yml speaks of, base scenario."""
    paths = model.paths([])
    if paths is None or paths.share is None:
        return {}
    f, quarter = paths.fleet, [str(q) for q in paths.fleet.grid]
    own = np.asarray(paths.share_grid.year)

    def at(values: np.ndarray, q: str) -> float:
        return float(np.median(values[quarter.index(q)]))

    def year_sum(values: np.ndarray, year: int) -> float:
        return float(np.median(values[own == year].sum(axis=0)))

    def share_of(name: str, year: int) -> float:
        split = paths.demand[name]
        return float(np.median(split["inference"][own == year].sum(axis=0) / split["total"][own == year].sum(axis=0)))

    revenue = supply_tables.accelerator_revenue(f)
    years = np.asarray(f.grid.year)
    empty = {**model.marts, "chip_sales_inputs": model.marts["chip_sales_inputs"].iloc[0:0]}
    fallback = supply.nvidia(empty, model.draws, model.seed)
    operational = f.operational
    return {
        "operational_stock_2025": at(operational["h100e_8bit"], "2025Q4"),
        "operational_stock_2026": at(operational["h100e_16bit"], "2026Q4"),
        "operational_stock_2030": at(operational["h100e_16bit"], "2030Q4"),
        "operational_stock_8bit_2030": at(operational["h100e_8bit"], "2030Q4"),
        "operational_stock_bandwidth_2030": at(operational["h100e_bandwidth"], "2030Q4"),
        "power_2025": at(f.power_gw, "2025Q4"),
        "power_2030": at(f.power_gw, "2030Q4"),
        "accelerator_revenue_2027": float(np.median(revenue[years == 2027].sum(axis=0))),
        "accelerator_revenue_2030": float(np.median(revenue[years == 2030].sum(axis=0))),
        "capacity_2027": year_sum(paths.demand["chip_hours"]["total"], 2027),
        "compute_cost_2027": year_sum(paths.demand["dollars"]["total"], 2027),
        "chip_hour_share_2023": share_of("chip_hours", 2023),
        "chip_hour_share_2027": share_of("chip_hours", 2027),
        "chip_hour_share_2030": share_of("chip_hours", 2030),
        "flop_share_2027": share_of("executed_flop", 2027),
        "dollar_share_2027": share_of("dollars", 2027),
        **{
            f"bottom_up_{side}_{year}": year_sum(paths.reconciliation[bucket], year)
            for side, bucket in (("inference", "llm_inference"), ("training", "training_and_rnd"))
            for year in (2025, 2030)
        },
        "fallback_stock": float(np.median(fallback.units.sum(axis=(0, 1)))) if fallback is not None else float("nan"),
    }


def turn(
    marts: Mapping[str, pd.DataFrame],
    origin: date,
    parameter_id: str,
    level: str,
    *,
    n_paths: int = 200,
    seed: int = SEED,
) -> dict[str, float]:
    """Headline medians with one assumption held at 'p10', 'p50' or 'p90' and all other draws unchanged."""
    return headline(Model(marts, origin, n_paths, seed, {parameter_id: level}))
