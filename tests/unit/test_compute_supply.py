"""Shipments, deployment and the fleet: identities, what is used, and the acceptance bars on stock."""

from __future__ import annotations

import compute_marts
import numpy as np
import pandas as pd
import pytest
import vendor_marts

from forecasts import assumptions, compute, outlook, stock, supply, vendor_revenue

ORIGIN = pd.Timestamp("2026-11-24").date()
N = 400


@pytest.fixture(scope="module")
def model() -> compute.Model:
    return compute_marts.model(compute_marts.marts(), ORIGIN, N, assumptions.SEED)


def test_nvidia_is_within_the_independent_interval_in_at_least_ten_of_twelve_quarters(model):
    own = model.found[0]
    per_unit = supply.per_unit(own, model.marts["chips"], "h100e_8bit")
    table = pd.DataFrame(
        {
            "units": np.median(own.units.sum(axis=1), axis=1),
            "h100e": np.median(np.einsum("fcp,c->fp", own.units, per_unit), axis=1),
        },
        index=own.periods["calendar_quarter"],
    )
    inside = {"units": 0, "h100e": 0}
    compared = 0
    for quarter, u05, u95, h05, h95 in compute_marts.EPOCH_NVIDIA:
        if "2023Q1" <= quarter <= "2025Q4":
            compared += 1
            inside["units"] += u05 <= table.loc[quarter, "units"] <= u95
            inside["h100e"] += h05 <= table.loc[quarter, "h100e"] <= h95
    assert compared == 12
    assert min(inside.values()) >= 10, inside


def test_those_totals_are_not_an_input():
    frames = compute_marts.marts()
    before = supply.nvidia(compute.known(frames, ORIGIN), assumptions.draw(assumptions.load(ORIGIN), 50), 1)
    extra = frames["chip_shipments"].assign(designer_id="nvidia", units_p50=1e9, units_p05=1e9, units_p95=1e9)
    frames["chip_shipments"] = pd.concat([frames["chip_shipments"], extra], ignore_index=True)
    after = supply.nvidia(compute.known(frames, ORIGIN), assumptions.draw(assumptions.load(ORIGIN), 50), 1)
    assert before is not None and after is not None
    assert np.array_equal(before.units, after.units)


@pytest.mark.parametrize(("quarter", "low", "high"), [("2024Q4", 4.0e6, 6.5e6), ("2025Q4", 13e6, 20e6)])
def test_operational_stock_8bit(model, quarter, low, high):
    fleet = model.base_fleet
    i = list(fleet.grid.astype(str)).index(quarter)
    assert low <= np.median(fleet.operational["h100e_8bit"][i]) <= high


def test_sold_is_operational_and_retired_and_waiting(model):
    for own in model.base_fleet.designers.values():
        for definition in supply.DEFINITIONS:
            sold, live, dead = (own[f"{state}_{definition}"] for state in ("sold", "operational", "retired"))
            waiting = sold - live - dead
            assert (waiting >= -1e-6 * sold.max()).all()
            assert (np.diff(dead, axis=0) >= -1e-6).all()


def test_kernels_are_shares_and_the_lag_delays():
    draws = {"deployment_lag_quarters": np.array([0.6, 1.4]), "economic_life_years": np.array([6.0, 6.0])}
    live, dead = stock.kernels(draws, 40)
    assert ((live >= 0) & (dead >= 0) & (live + dead <= 1 + 1e-9)).all()
    assert live[0, 0] > live[0, 1]
    assert live[30].max() < live[4].min()


def test_periods_are_spread_over_the_calendar_without_loss(model):
    own = model.found[0]
    weights = stock.overlap(own.periods, pd.period_range("2021Q4", "2026Q4", freq="Q"))
    assert np.allclose(weights.sum(axis=0), 1)
    assert (weights > 0).sum(axis=0).max() == 2


def test_cost_of_chips_is_the_spending_they_came_from(model):
    for own in model.found:
        assert np.allclose(own.cost_usd_m.sum(axis=1), own.spend_usd_m)
    amd = next(s for s in model.found if s.designer_id == "amd")
    revenue = {row[3]: row[4] for row in compute_marts.AMD}
    expected = [revenue[q] for q in amd.periods["calendar_quarter"]]
    share = amd.spend_usd_m / np.array(expected)[:, None]
    assert np.allclose(share, model.draws["amd_gpu_share_of_data_center"])


def test_mix_after_the_last_published_quarter_widens_and_superseded_chips_decline(model):
    own = model.found[0]
    quarters = own.periods["calendar_quarter"].tolist()
    last, after, later = (quarters.index(quarter) for quarter in ("2025Q3", "2025Q4", "2026Q2"))
    share = own.cost_usd_m / own.cost_usd_m.sum(axis=1, keepdims=True)
    assert share[last, own.chip_ids.index("nvidia-b300")].std() < 1e-9
    for chip in ("nvidia-h100-sxm", "nvidia-b200"):
        spent = own.cost_usd_m[:, own.chip_ids.index(chip)]
        assert 0 < np.log(spent[after]).std() < np.log(spent[later]).std()
        assert (np.diff(np.median(spent[last:], axis=1)) < 0).all()


def test_a_chip_without_rates_is_named():
    frames = compute_marts.marts()
    frames["chips"].loc[frames["chips"]["chip_id"] == "nvidia-b200", "h100e_bandwidth"] = np.nan
    with pytest.raises(ValueError, match=r"share_of_compute_revenue.*nvidia-b200"):
        compute_marts.model(frames, ORIGIN, 20, 1)


def test_a_designer_whose_prices_are_not_yet_known_is_absent():
    frames = compute_marts.marts()
    inputs = frames["chip_sales_inputs"]
    inputs.loc[inputs["parameter"] == "approximate_price", "reported_on"] = pd.Timestamp("2026-09-24")
    early = compute_marts.model(frames, pd.Timestamp("2026-06-30").date(), 20, 1)
    assert [s.designer_id for s in early.found] == ["nvidia", "amazon"]
    later = compute_marts.model(frames, ORIGIN, 20, 1)
    assert [s.designer_id for s in later.found] == ["nvidia", "amd", "alphabet", "amazon"]


def test_an_incomplete_quarter_is_no_base():
    frames = compute_marts.marts()
    last = frames["chip_shipments"]["calendar_quarter"] == "2025Q4"
    frames["chip_shipments"].loc[last, ["units_p05", "units_p50", "units_p95"]] = 1.0
    control = compute_marts.model(frames, ORIGIN, 50, 1)
    assert control.found[-1].periods["calendar_quarter"].iloc[-1] == "2025Q4"
    frames["chip_shipments"].loc[last, "is_incomplete"] = True
    flagged = compute_marts.model(frames, ORIGIN, 50, 1)
    assert flagged.found[-1].periods["calendar_quarter"].iloc[-1] == "2025Q3"
    assert flagged.base_fleet.extrapolated == ("amazon",)


def test_accelerators_are_a_share_of_the_paths_that_are_published(model, monkeypatch):
    vendor_marts.drift_for_fits(monkeypatch)
    frames = compute_marts.marts()
    facts = (frames[name] for name in ("vendor_quarters", "guidance", "capex_quarters"))
    published = vendor_revenue.forecast(*facts, ORIGIN, n_paths=N, seed=assumptions.SEED, backtest=None).paths
    fleet = model.base_fleet
    shares = {"nvidia": "nvidia_compute_share_after_inputs", "xpu": "xpu_share_of_broadcom_ai"}
    for name, share in shares.items():
        paths = published[outlook.VENDORS[name]]
        ahead = len(fleet.grid) - fleet.n_history
        assert np.array_equal(fleet.revenue_usd_m[name][-ahead:], paths[:ahead])
        assert np.allclose(fleet.sales_usd_m[name][-ahead:], paths[:ahead] * model.draws[share])
    amd = fleet.sales_usd_m["amd"] / fleet.revenue_usd_m["amd"]
    assert np.allclose(amd[fleet.n_history - 1], model.draws["amd_gpu_share_of_data_center"])
    assert np.allclose(amd[fleet.n_history + 3 :], model.draws["amd_gpu_share_to_come"])


def test_trainium_follows_the_merchants(model):
    fleet = model.base_fleet
    last = list(fleet.grid.astype(str)).index("2025Q4")
    share = fleet.sales_usd_m["amazon"] / outlook.merchants_total(fleet.sales_usd_m)
    relative = np.exp(5 * model.draws["trainium_growth_over_merchants"])
    assert np.allclose(share[-1], share[last] * relative)


def test_errors_are_correlated_across_quarters(model):
    own = model.found[0]
    price = own.cost_usd_m.sum(axis=1) / own.units.sum(axis=1)
    logs = np.log(price)
    assert np.corrcoef(logs[6], logs[14])[0, 1] > 0.5
