"""The entry point: determinism, what is known when, directions of every assumption, shapes, time."""

from __future__ import annotations

import time

import compute_marts
import numpy as np
import pandas as pd
import pytest

from forecasts import assumptions, compute, demand, identities, outlook, quantiles, scenarios, supply

ORIGIN = pd.Timestamp("2026-11-24").date()
ARTICLE = pd.Timestamp("2025-02-28").date()
ROWS = assumptions.load(ORIGIN)
RENTS = ("rental_prices", "rent_implied_life", "depreciation_at_rent_life")
# Those of the rents alone are turned in test_rental.py.
PRIORS = ROWS[assumptions.is_uncertain(ROWS) & ~ROWS["used_by"].map(lambda tables: set(tables) <= set(RENTS))]
MARTS = compute_marts.marts()


@pytest.fixture(scope="module")
def result() -> dict[str, pd.DataFrame]:
    return compute_marts.forecast(compute_marts.marts(), ORIGIN, n_paths=300)


def headline(model: compute.Model) -> dict[str, float]:
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

    revenue = outlook.merchants_total(f.sales_usd_m)
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
        "amd_revenue_2030": float(np.median(f.sales_usd_m["amd"][years == 2030].sum(axis=0)))
        if "amd" in f.sales_usd_m
        else 0.0,
        "capacity_2027": year_sum(paths.demand["chip_hours"]["total"], 2027),
        "electricity_2027": float(np.median(demand.electricity_twh(f)[years == 2027].sum(axis=0))),
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
        **{
            f"{bucket}_2025": year_sum(paths.reconciliation[bucket], 2025)
            for bucket in ("unexplained", "unexplained_inference")
        },
        "fallback_stock": float(np.median(fallback.units.sum(axis=(0, 1)))) if fallback is not None else float("nan"),
    }


def turned(parameter_id: str, level: str, n_paths: int = 80) -> dict[str, float]:
    """Headline medians with one prior held at 'p10' or 'p90' and all other draws unchanged."""
    fixed = {parameter_id: level}
    return headline(compute_marts.model(MARTS, ORIGIN, n_paths, assumptions.SEED, fixed))


@pytest.mark.parametrize("row", PRIORS.to_dict("records"), ids=PRIORS["parameter_id"])
def test_turning_a_prior_moves_the_headlines_as_stated(row):
    low, high = (turned(row["parameter_id"], level) for level in ("p10", "p90"))
    assert row["direction"]
    for output, sign in row["direction"].items():
        if output.startswith("rent_"):
            continue
        assert (high[output] - low[output]) * {"+": 1, "-": -1}[sign] > 0, (output, low[output], high[output])


def test_draws_meet_their_three_points():
    draws = assumptions.draw(ROWS, 20000)
    for row in PRIORS.to_dict("records"):
        found = np.quantile(draws[row["parameter_id"]], (0.1, 0.5, 0.9))
        wanted = np.array([row["p10"], row["p50"], row["p90"]])
        assert (np.abs(found - wanted) <= 0.05 * (wanted[2] - wanted[0])).all(), row["parameter_id"]


def test_assumptions_say_where_they_come_from(result):
    table = result["assumptions"]
    assert table["parameter_id"].is_unique
    for column in ("unit", "source", "rationale", "used_by", "distribution"):
        assert table[column].str.len().gt(0).all(), column
    fixed = table["distribution"] == assumptions.FIXED
    assert (table.loc[fixed, "p10"] == table.loc[fixed, "p90"]).all()
    priors = table[~fixed]
    assert priors["direction"].str.len().gt(0).all()
    assert (priors["p10"] < priors["p50"]).all() and (priors["p50"] < priors["p90"]).all()
    assert not table["uses_hindsight_assumption"].any()
    assert set(", ".join(table["used_by"]).split(", ")) <= {*result, "vendor_revenue", "scores", *RENTS}


def test_two_runs_are_identical_and_quick(result):
    started = time.process_time()
    again = compute_marts.forecast(compute_marts.marts(), ORIGIN, n_paths=300)
    assert time.process_time() - started < 0.3 * 20, "a thousand paths take under twenty seconds"
    for name, table in result.items():
        pd.testing.assert_frame_equal(table, again[name])


def test_the_stock_flow_system_closes_in_every_path(result):
    found = result["identities"]
    assert len(found) >= 25 and (found["largest_gap"] <= identities.TOLERANCE).all(), found.to_string()


@pytest.mark.parametrize("broken", ["h100e", "usd", "gw", "flop", "capex", "tokens"])
def test_one_path_of_one_quarter_that_does_not_add_up_is_seen(broken):
    model = compute_marts.model(compute_marts.marts(), ORIGIN, 50, 1)
    run = model.paths([])
    fleet = run.fleet
    value, seen = {
        "h100e": (fleet.operational["h100e_8bit"], {"fleet_is_its_designers_h100e_8bit"}),
        "usd": (fleet.sales_usd_m["nvidia"], {"accelerator_revenue_is_of_chips"}),
        "gw": (fleet.draw_gw, {"electricity_is_power_over_time"}),
        "flop": (run.demand["executed_flop"]["inference"], {"workloads_are_all_executed_flop"}),
        "capex": (fleet.lines["capex-five-firms"].paths, {"capex_five_firms_is_its_parts"}),
        "tokens": (run.reconciliation["llm_decode"], {"tokens_times_flop_are_used_hours"}),
    }[broken]

    def gaps():
        equal = identities.of_run(run, model.draws, model.found, model.marts, is_base=True)
        found = identities.largest_gaps(equal).set_index("identity")["largest_gap"]
        return set(found[found > identities.TOLERANCE].index)

    assert gaps() == set()
    value[5, 3] *= 1 + 1e-6
    assert seen <= gaps()


def test_row_order_of_the_marts_does_not_matter(result):
    frames = {name: frame.sample(frac=1, random_state=1) for name, frame in compute_marts.marts().items()}
    again = compute_marts.forecast(frames, ORIGIN, n_paths=300)
    pd.testing.assert_frame_equal(result["compute_demand"], again["compute_demand"])
    pd.testing.assert_frame_equal(result["installed_base"], again["installed_base"])


@pytest.fixture(scope="module")
def early() -> dict[str, pd.DataFrame]:
    return compute_marts.forecast(compute_marts.marts(), ARTICLE, n_paths=60)


def _poisoned(column: str = "reported_on") -> dict[str, pd.DataFrame]:
    """Every mart with absurd rows that were reported after the article's date."""
    frames = compute_marts.marts()
    for name, frame in frames.items():
        if column not in frame:
            continue
        late = frame[frame[column] > pd.Timestamp(ARTICLE)].copy()
        for numeric in late.select_dtypes("number"):
            late[numeric] = 1e30
        frames[name] = pd.concat([frame[frame[column] <= pd.Timestamp(ARTICLE)], late], ignore_index=True)
    return frames


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_no_later_fact_is_used(early):
    poisoned = compute_marts.forecast(_poisoned(), ARTICLE, n_paths=60)
    assert len(early["compute_demand"]) and len(early["installed_base"])
    for name, table in early.items():
        pd.testing.assert_frame_equal(table, poisoned[name])
    assert early["installed_base"]["reported_on"].max() <= pd.Timestamp(ARTICLE)
    assert early["own_shipments"]["reported_on"].max() <= pd.Timestamp(ARTICLE)
    # the control: at the later origin those rows do change the fleet
    later, unpoisoned = (compute_marts.model(frames, ORIGIN, 60, 1) for frames in (_poisoned(), compute_marts.marts()))
    assert later.base_fleet and unpoisoned.base_fleet
    found, wanted = (model.base_fleet.operational["h100e_16bit"] for model in (later, unpoisoned))
    assert not np.array_equal(found, wanted, equal_nan=True)


def test_hindsight_is_marked(early):
    for name in ("compute_demand", "inference_share", "installed_base", "chip_market"):
        assert early[name]["uses_hindsight_assumption"].all(), name
    assert early["assumptions"]["uses_hindsight_assumption"].any()
    assert not early["assumptions"]["uses_hindsight_assumption"].all()


def test_empty_marts_give_empty_tables():
    bare = compute_marts.forecast(compute_marts.empty(compute_marts.marts()), ORIGIN, n_paths=20)
    for name, table in bare.items():
        if name in ("assumptions", "scenarios"):
            assert len(table)
        else:
            assert table.empty, name


def test_every_forecast_row_has_unit_and_evidence_class(result):
    for name in ("quantiles", "compute_demand", "inference_share", "chip_market", "reconciliation"):
        table = result[name]
        assert table["unit"].notna().all(), name
        base = table["scenario_id"] == "base"
        assert (table.loc[base, "evidence_class"] == "anchored_prior").all(), name
        assert (table.loc[~base, "evidence_class"] == "scenario").all(), name
    assert (result["installed_base"]["evidence_class"] == "anchored_prior").all()


def test_keys_are_unique(result):
    keys = {
        "quantiles": ["scenario_id", "target_id", "entity_id", "target_period", "output_type", "output_type_id"],
        "compute_demand": ["scenario_id", "target_period", "workload", "accounting"],
        "inference_share": ["scenario_id", "target_period", "accounting", "population", "flow_or_stock"],
        "chip_market": ["scenario_id", "target_id", "entity_id", "target_period"],
        "reconciliation": ["scenario_id", "target_period", "bucket", "unit"],
        "installed_base": ["designer_id", "calendar_quarter"],
        "own_shipments": ["designer_id", "chip_id", "period_kind", "period_start"],
        "sensitivity": ["target_id", "target_period", "parameter_id"],
        "share_anchors": ["anchor_id"],
    }
    for name, key in keys.items():
        assert not result[name].duplicated(key).any(), name


def test_quantiles_rise_and_reach_2030(result):
    for name in ("compute_demand", "inference_share", "chip_market", "reconciliation"):
        table = result[name]
        values = table[list(quantiles.WIDE_COLUMNS)].to_numpy()
        assert (np.diff(values, axis=1) >= -1e-9 * np.abs(values[:, 1:])).all(), name
        assert {"2030Q4", "2030"} <= set(table["target_period"]), name
    long = result["quantiles"]
    assert (long["horizon"] >= 1).all()
    levels = long[long["output_type"] == "quantile"].groupby("target_id")["output_type_id"].nunique()
    assert (levels == len(quantiles.LEVELS)).all()
    shares = result["inference_share"][list(quantiles.WIDE_COLUMNS)]
    assert shares.min().min() >= 0 and shares.max().max() <= 1


def test_years_are_sums_of_paths_not_of_quantiles(result):
    table = result["compute_demand"].query(
        "scenario_id == 'base' and workload == 'total' and accounting == 'chip_hours'"
    )
    quarters = table[table["target_period"].str.startswith("2029Q")]
    year = table[table["target_period"] == "2029"].iloc[0]
    assert quarters["p50"].sum() == pytest.approx(year["p50"], rel=0.03)
    assert year["p95"] - year["p05"] <= (quarters["p95"] - quarters["p05"]).sum() * (
        1 + 1e-2
    )  # but for the noise of simulated quantiles


def test_scenarios_move_as_described_and_share_their_history(result):
    table = result["quantiles"]
    medians = table[table["output_type_id"] == 0.5].set_index(
        ["target_id", "entity_id", "target_period", "scenario_id"]
    )

    def at(target: str, entity: str, scenario: str, period: str = "2030") -> float:
        return float(medians.loc[(target, entity, period, scenario), "value"])

    assert at("ai_accelerator_revenue", "all-merchants", "capex_pause") < at(
        "ai_accelerator_revenue", "all-merchants", "base"
    )
    assert at("facility_power", "all-tracked", "power_bound") < at("facility_power", "all-tracked", "base")
    assert at("operational_h100e_bandwidth", "all-tracked", "memory_bound") < at(
        "operational_h100e_bandwidth", "all-tracked", "base"
    )
    share = "inference_share_chip_hours"
    order = [at(share, "tracked-fleet", name) for name in ("efficiency_leap", "base", "agentic_boom")]
    assert order == sorted(order)
    ahead = result["compute_demand"]
    assert ahead.loc[ahead["scenario_id"] != "base", "target_end_date"].min() > pd.Timestamp("2026-06-30")
    assert set(result["scenarios"]["scenario_id"]) == {s["scenario_id"] for s in scenarios.load()}


def test_a_scenario_that_cannot_be_read_is_refused(tmp_path):
    path = tmp_path / "scenarios.yml"
    path.write_text(
        "- {scenario_id: base, name: Base, description: x, changes: []}\n"
        "- scenario_id: mine\n  name: Mine\n  description: x\n"
        "  changes: [{parameter_id: no_such_parameter, add: 1}]\n"
    )
    with pytest.raises(ValueError, match="no_such_parameter"):
        scenarios.load(path)
    path.write_text(path.read_text().replace("no_such_parameter", "share_shift"))
    assert scenarios.load(path)[1]["scenario_id"] == "mine"


def test_an_added_scenario_is_published_beside_base(tmp_path, monkeypatch):
    path = tmp_path / "scenarios.yml"
    path.write_text(
        "- {scenario_id: base, name: Base, description: x, changes: []}\n"
        "- scenario_id: cheap-power\n  name: Cheap power\n  description: x\n"
        "  changes: [{parameter_id: electricity_usd_per_mwh, multiply: 0.5}]\n"
    )
    added = scenarios.load(path)
    monkeypatch.setattr(scenarios, "load", lambda: added)
    found = compute_marts.forecast(compute_marts.marts(), ORIGIN, n_paths=60)
    for table in (
        found["quantiles"],
        found["compute_demand"],
        found["inference_share"],
        found["chip_market"],
        found["reconciliation"],
    ):
        assert set(table["scenario_id"]) == {"base", "cheap-power"}
    cost = found["compute_demand"].query("accounting == 'dollars' and workload == 'total' and target_period == '2028'")
    cost = cost.set_index("scenario_id")["p50"]
    assert cost["cheap-power"] < cost["base"]
    assert found["scenarios"].set_index("scenario_id").loc["cheap-power", "scenario_p50"] == pytest.approx(32.5)


def test_sensitivity_adds_up(result):
    total = result["sensitivity"].groupby(["target_id", "target_period"])["variance_share"].sum()
    assert np.allclose(total, 1)
    share = result["sensitivity"].query("target_id == 'inference_share_chip_hours' and target_period == '2027'")
    assert share.set_index("parameter_id").loc["share_drift", "rank"] == 1


def test_own_shipments_have_both_kinds_of_quarter(result):
    table = result["own_shipments"]
    nvidia = table[table["designer_id"] == "nvidia"].groupby(["period_kind", "calendar_quarter"])["units_p50"].sum()
    assert nvidia["fiscal"]["2025Q4"] != nvidia["calendar"]["2025Q4"]
    assert nvidia["calendar"].index.max() == "2026Q2"
    assert set(table["estimate_source"]) == {"chipcast"}


@pytest.mark.slow
def test_a_thousand_paths_in_under_twenty_seconds():
    started = time.process_time()
    compute_marts.forecast(compute_marts.marts(), ORIGIN, n_paths=1000)
    assert time.process_time() - started < 20
