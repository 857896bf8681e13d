"""Inference against training: the one entry point from market tables and vendors' paths to every compute table.

`forecast` runs base and all scenarios; each asks the vendors' fit for its own paths, so that money and chips move as one.
Belongs here: order of the steps, what is known at the origin. Does not belong here: equations, table shapes
(demand_tables.py, supply_tables.py).
"""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import chain

import numpy as np
import pandas as pd

from forecasts import (
    anchors,
    assumptions,
    demand,
    demand_tables,
    held_out,
    identities,
    outlook,
    scenarios,
    share,
    supply,
    supply_tables,
    vendor_revenue,
)
from forecasts.assumptions import SEED, Draws
from forecasts.compute_frames import Paths, Tag
from forecasts.panel import quarter_ordinal
from forecasts.vendor_revenue import Fitted

MARTS = (
    "chip_shipments",
    "chips",
    "vendor_quarters",
    "chip_sales_inputs",
    "token_usage",
    "training_runs",
    "compute_split",
    "lab_compute",
)
DATES = ("period_start", "period_end", "reported_on", "release_date", "released_on", "observed_on")


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
        fitted: Fitted | None,
        n_paths: int,
        seed: int,
        fixed: Mapping[str, str] | None = None,
    ) -> None:
        self.origin, self.n_paths, self.seed = origin, n_paths, seed
        self.marts = known(marts, origin)
        self.rows = assumptions.load(origin)
        self.draws = assumptions.draw(self.rows, n_paths, seed, fixed)
        self.fitted = fitted
        self.found = supply.history(self.marts, self.draws, seed)
        self.base_fleet = self.fleet(self.draws)
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

    def fleet(self, draws: Draws) -> outlook.Fleet | None:
        """The fleet under these draws, on vendors' paths under the same; None before NVIDIA has a history."""
        if self.fitted is None or not self.found:
            return None
        lines = vendor_revenue.paths(self.fitted, draws, self.n_paths, self.seed)
        now = quarter_ordinal(str(pd.Period(self.origin, "Q")))
        return outlook.fleet(self.marts, self.found, outlook.shifted(lines, now, draws), draws, self.seed)

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
        fleet = self.fleet(draws) if changes else self.base_fleet
        assert fleet is not None
        if self.state is None or self.chosen is None:
            return Paths(fleet)
        shares = self.state.trajectory(self.chosen, draws["share_shift"])
        buckets = demand.bottom_up(self.marts, fleet, draws)
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
    fitted: Fitted | None,
    *,
    n_paths: int = 1000,
    seed: int = SEED,
) -> dict[str, pd.DataFrame]:
    """Every compute table at one origin by name, all scenarios, on what `vendor_revenue.fit` gave for it; and `identities`.

    The same seed gives the same tables; what cannot be estimated at the origin has no rows.
    """
    model = Model(marts, origin, fitted, n_paths, seed)
    specs = scenarios.load()
    runs: dict[str, Paths] = {}
    equal: list[Iterator[identities.Identity]] = []
    for spec in specs:
        paths = model.paths(spec["changes"])
        if paths is not None:
            runs[spec["scenario_id"]] = paths
            draws = scenarios.apply(model.draws, spec["changes"], model.rows, n_paths, seed)
            equal.append(identities.of_run(paths, draws, model.found, model.marts, not spec["changes"]))
    tag, base = Tag(origin, model.rows), runs.get(scenarios.BASE)
    loo = share.leave_one_out(model.state, model.anchors, seed) if model.state is not None else None
    return {
        "quantiles": supply_tables.quantiles(tag, runs),
        "compute_demand": demand_tables.compute_demand(tag, runs),
        "inference_share": demand_tables.inference_share(tag, runs),
        "installed_base": supply_tables.installed_base(tag, base, model.found, model.marts, model.draws),
        "chip_market": supply_tables.chip_market(tag, runs),
        "reconciliation": demand_tables.reconciliation(tag, runs, model.marts),
        "scenarios": scenarios.frame(specs, model.rows, origin),
        "assumptions": assumptions.frame(model.rows, origin),
        "sensitivity": demand_tables.sensitivity(tag, base, model.posterior()),
        "share_anchors": demand_tables.share_anchors(tag, loo),
        "token_holdouts": held_out.token_holdouts(model.marts["token_usage"], origin),
        "own_shipments": supply_tables.own_shipments(tag, model.found, model.marts),
        "identities": identities.largest_gaps(chain.from_iterable(equal)),
    }


def base_quantiles(
    marts: Mapping[str, pd.DataFrame], origin: date, fitted: Fitted | None, *, n_paths: int = 1000, seed: int = SEED
) -> pd.DataFrame:
    """`quantiles` of the base scenario alone, as `forecast` gives them."""
    model = Model(marts, origin, fitted, n_paths, seed)
    paths = model.paths([])
    return supply_tables.quantiles(Tag(origin, model.rows), {} if paths is None else {scenarios.BASE: paths})
