"""Tables of the fleet: installed_base, own_shipments, chip_market; and the long table of all quantiles.

Belongs here: shapes. Does not belong here: equations (supply.py, outlook.py).
Units: H100e by the definition in the name; MW and GW of facility power; usd_m. Years are sums (or ends) of paths.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from forecasts import outlook, stock, supply
from forecasts import quantiles as q
from forecasts.assumptions import Draws
from forecasts.backtest import RECOMMENDED
from forecasts.compute_frames import Part, Paths, Runs, Tag, gather, joined, periods
from forecasts.demand import electricity_twh
from forecasts.demand_tables import UNITS, shares
from forecasts.scenarios import BASE
from forecasts.supply import DEFINITIONS, Shipments

BAND = {"p05": 0.05, "p50": 0.5, "p95": 0.95}
ENTITIES = {"nvidia": "nvidia", "amd": "amd", "xpu": "broadcom-xpu", "amazon": "amazon-trainium"}
ALL = "all-tracked"
MARKET_DEFINITION = (
    "Accelerators alone, modelled: NVIDIA Data Center x compute share, AMD Data Center x GPU share (from 2024), "
    "Broadcom AI x custom-accelerator share, ahead on the paths of forecast.vendor_revenue. No networking, no CPUs; no "
    "Huawei, Cambricon or Marvell. Trainium at Amazon's cost is a memo, outside the total: after the last counted quarter "
    "an own estimate that follows the merchants' total, on no vendor path. Vendor fiscal quarters by their midpoint."
)


def _band(values: np.ndarray, name: str) -> dict[str, float]:
    return {f"{name}_{k}": v for k, v in zip(BAND, np.quantile(values, list(BAND.values())), strict=True)}


def _known_by(found: list[Shipments], inputs: pd.DataFrame, end: pd.Timestamp) -> pd.Timestamp:
    """The latest report date behind a stock at `end`."""
    dates = [s.periods.loc[s.periods["period_start"] <= end, "reported_on"].max() for s in found]
    dates += [inputs["reported_on"].max()] if len(inputs) else []
    return max(d for d in dates if pd.notna(d))


def installed_base(
    tag: Tag, run: Paths | None, found: list[Shipments], marts: Mapping[str, pd.DataFrame], draws: Draws
) -> pd.DataFrame:
    """Sold, operational and retired by designer and quarter end: three H100e definitions, facility power in MW.

    'all-tracked' is the sum of paths over tracked_designers; extrapolated_designers names those whose count ends before
    the quarter. power_coverage_share: operational 16-bit H100e with a known TDP; power counts those alone.
    """
    metrics = [f"{state}_{d}" for state in ("sold", "operational", "retired") for d in DEFINITIONS]
    if run is None:
        return pd.DataFrame()
    fleet, inputs = run.fleet, marts["chip_sales_inputs"]
    reach = {s.designer_id: pd.PeriodIndex(s.periods["calendar_quarter"], freq="Q") for s in found}
    total = {key: np.sum([d[key] for d in fleet.designers.values()], axis=0) for key in fleet.designers["nvidia"]}
    rows = []
    for designer, own in {**fleet.designers, ALL: total}.items():
        parts = [s for s in found if designer in (s.designer_id, ALL)]
        for i, quarter in enumerate(fleet.grid[: fleet.n_history]):
            if designer != ALL and not reach[designer][0] <= quarter <= reach[designer][-1]:
                continue
            members = [s.designer_id for s in parts if reach[s.designer_id][0] <= quarter]
            beyond = [d for d in members if quarter > reach[d][-1]]
            end = quarter.end_time.normalize()
            row: dict = {
                "designer_id": designer,
                "calendar_quarter": str(quarter),
                "period_end": end,
                "is_forecast": False,
            }
            for metric in metrics:
                row.update(_band(own[metric][i], metric))
            row.update(_band(own["tdp_mw"][i] * draws["server_power_factor"] * draws["pue"], "power_mw"))
            covered, operational = own["h100e_with_tdp"][i].mean(), own["operational_h100e_16bit"][i].mean()
            row["power_coverage_share"] = covered / operational if operational > 0 else np.nan
            row |= {"tracked_designers": ", ".join(members), "extrapolated_designers": ", ".join(beyond) or None}
            row["reported_on"] = _known_by(parts, inputs, end)
            rows.append(row)
    out = pd.DataFrame(rows)
    unknown = ~(out["power_coverage_share"] > 0)
    out.loc[unknown, [f"power_mw_{level}" for level in BAND]] = np.nan
    return tag.stamp(out.assign(unit="H100e, MW"), "installed_base")


def _shipment_rows(
    s: Shipments, rates: Mapping[str, np.ndarray], frame: pd.DataFrame, units: np.ndarray, cost: np.ndarray, kind: str
) -> list[dict]:
    rows = []
    for i, period in enumerate(frame[supply.PERIOD].to_dict("records")):
        for j, chip in enumerate(s.chip_ids):
            if np.median(units[i, j]) < 1:
                continue
            row: dict = {"designer_id": s.designer_id, "chip_id": chip, "period_kind": kind, **period}
            row |= _band(units[i, j], "units")
            for d in DEFINITIONS:
                row |= _band(units[i, j] * rates[d][j], d)
            row["cost_usd_m_p50"] = float(np.median(cost[i, j]))
            row["power_mw_p50"] = row["units_p50"] * rates["tdp_w"][j] / 1e6
            rows.append(row)
    return rows


def own_shipments(tag: Tag, found: list[Shipments], marts: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Our estimate in the columns of market.chip_shipments_by_source, estimate_source 'chipcast', vintage the origin's month.

    period_kind 'fiscal' is the vendor's own quarter (calendar_quarter by its midpoint), 'calendar' the same shipments
    spread by days; quarters of which less than 95% is covered are left out. power_mw is chip TDP alone, as Epoch's.
    """
    rows: list[dict] = []
    for s in found:
        rates = {d: supply.per_unit(s, marts["chips"], d) for d in (*DEFINITIONS, "tdp_w")}
        start, end = s.periods["period_start"].iloc[0], s.periods["period_end"].iloc[-1]
        on_calendar = (
            s.periods["period_end"].dt.to_period("Q").dt.end_time.dt.normalize() == s.periods["period_end"]
        ).all()
        if not on_calendar:
            rows += _shipment_rows(s, rates, s.periods, s.units, s.cost_usd_m, "fiscal")
        grid = pd.period_range(start, end, freq="Q")
        weights = stock.overlap(s.periods, grid)
        length = (s.periods["period_end"] - s.periods["period_start"]).dt.days.to_numpy() + 1
        # AMD's quarters end a few days off the calendar's
        covered = weights @ length / np.diff(stock.starts(grid)) >= 0.95
        grid, weights = grid[covered], weights[covered]
        frame = pd.DataFrame(
            {
                "calendar_quarter": grid.astype(str),
                "period_start": grid.start_time,
                "period_end": grid.end_time.normalize(),
            }
        )
        frame["reported_on"] = [s.periods["reported_on"][w > 0].max() for w in weights]
        units, cost = (np.einsum("qf,fcp->qcp", weights, values) for values in (s.units, s.cost_usd_m))
        rows += _shipment_rows(s, rates, frame, units, cost, "calendar")
    if not rows:
        return pd.DataFrame()
    out = pd.DataFrame(rows).assign(
        estimate_source="chipcast", estimate_vintage=str(tag.origin)[:7], is_incomplete=False
    )
    if len(marts["chip_sales_inputs"]):
        out["reported_on"] = out["reported_on"].clip(lower=marts["chip_sales_inputs"]["reported_on"].max())
    return tag.stamp(out, "installed_base").drop(columns="origin_date")


def _market(run: Paths, name: str) -> list[Part]:
    """Periods in which an entity is not known are left out."""
    fleet = run.fleet
    keys, places = periods(fleet.grid, fleet.n_history, name, "sum")
    revenue = outlook.merchants_total(fleet.sales_usd_m)
    total = gather(revenue, places)
    out = [("ai_accelerator_revenue", "all-merchants", "usd_m", total)]
    for own, values in fleet.sales_usd_m.items():
        paths = gather(values, places)
        if own == "amazon":
            out.append(("trainium_cost", ENTITIES[own], "usd_m", paths))
        else:
            vendor = gather(fleet.revenue_usd_m[own], places)
            out.append(("ai_accelerator_revenue", ENTITIES[own], "usd_m", paths))
            out.append(("accelerator_share_of_vendor_revenue", ENTITIES[own], "share", paths / vendor))
            out.append(("share_of_ai_accelerator_revenue", ENTITIES[own], "share", paths / total))
    if run.share is not None:
        split = run.demand["dollars"]
        spend = np.full_like(revenue, np.nan)
        spend[-len(run.share) :] = revenue[-len(run.share) :] * split["inference"] / split["total"]
        out.append(("inference_accelerator_spend", "all-merchants", "usd_m", gather(spend, places)))
    kept: list[Part] = []
    for target, entity, unit, values in out:
        good = ~np.isnan(values).any(axis=1)
        if good.any():
            kept.append((keys[good], values[good], {"target_id": target, "entity_id": entity, "unit": unit}))
    return kept


def chip_market(tag: Tag, runs: Runs) -> pd.DataFrame:
    """Accelerator-only revenue, modelled (column definition).

    target_id: ai_accelerator_revenue, share_of_ai_accelerator_revenue, accelerator_share_of_vendor_revenue (of the
    vendor series that holds them), inference_accelerator_spend (revenue x inference share of fleet dollars),
    trainium_cost (memo). entity_id: all-merchants, nvidia, amd, broadcom-xpu, amazon-trainium.
    """
    parts = [
        (keys, values, {**labels, "definition": MARKET_DEFINITION})
        for name, run in runs.items()
        for keys, values, labels in _market(run, name)
    ]
    return tag.table(parts, "chip_market")


def quantiles(tag: Tag, runs: Runs) -> pd.DataFrame:
    """`forecast.quantiles` rows of every scenario for quarters not yet reported and years not yet complete."""
    parts: list[Part] = []

    def add(keys: pd.DataFrame, values: np.ndarray, model: str, target: str, entity: str, unit: str) -> None:
        ahead = (keys["horizon"] >= 1).to_numpy()
        if ahead.any():
            labels = {"model_id": model, "target_id": target, "entity_id": entity, "unit": unit}
            parts.append((keys[ahead], values[ahead], labels))

    for name, run in runs.items():
        fleet = run.fleet
        for keys, accounting, kind, values in shares(run, name):
            target = f"inference_share_{accounting}" + ("_of_additions" if kind == "flow" else "")
            add(keys, values, "share_state_space", target, "tracked-fleet", "share")
        keys, places = periods(run.share_grid, run.n_past, name, "sum")
        for accounting, split in run.demand.items():
            for workload, values in split.items():
                target = f"compute_demand_{accounting}"
                add(keys, gather(values, places), "share_state_space", target, workload, UNITS[accounting])
        ends, where = periods(fleet.grid, fleet.n_history, name, "end")
        for d in DEFINITIONS:
            add(ends, gather(fleet.operational[d], where), "supply_monte_carlo", f"operational_{d}", ALL, d)
        add(ends, gather(fleet.power_gw, where), "supply_monte_carlo", "facility_power", ALL, "gw")
        keys, places = periods(fleet.grid, fleet.n_history, name, "sum")
        add(keys, gather(electricity_twh(fleet), places), "supply_monte_carlo", "facility_electricity", ALL, "twh")
        if name != BASE:  # base is published with the vendors
            for own, values in fleet.revenue_usd_m.items():
                add(keys, gather(values, places), RECOMMENDED, "vendor_revenue", outlook.VENDORS[own], "usd_m")
        for keys, values, labels in _market(run, name):
            add(keys, values, "supply_monte_carlo", labels["target_id"], labels["entity_id"], labels["unit"])
    if not parts:
        return pd.DataFrame()
    out = tag.stamp(q.long_rows(*joined(parts)), "quantiles")
    return out.assign(is_recommended=out["scenario_id"] == BASE)
