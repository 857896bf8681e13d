"""Accountings, bottom-up demand and the residual."""

from __future__ import annotations

import compute_marts
import numpy as np
import pandas as pd
import pytest

from forecasts import assumptions, compute, demand

ORIGIN = pd.Timestamp("2026-11-24").date()
GRID = pd.period_range("2023Q1", "2027Q4", freq="Q")


@pytest.fixture(scope="module")
def model() -> compute.Model:
    return compute_marts.model(compute_marts.marts(), ORIGIN, 200, assumptions.SEED)


def test_accountings_add_up_and_differ(model):
    paths = model.paths([])
    for split in paths.demand.values():
        assert np.allclose(split["inference"] + split["training_and_rnd"], split["total"])
    hours, flop = paths.demand["chip_hours"], paths.demand["executed_flop"]
    peak = hours["inference"] * 3600 * demand.H100_FLOP_PER_S
    utilisation = flop["inference"] / peak
    assert np.allclose(utilisation, demand.inference_utilisation(model.draws))
    assert 0.05 < np.median(utilisation) < 0.25


def test_utilisation_joins_phases_by_time():
    measured = {"prefill_utilisation_measured": 0.5, "decode_utilisation_measured": 0.0625}
    draws = {"decode_share_of_flop": 0.2, "inference_production_ratio": 0.8, **measured}
    one = {k: np.array([v]) for k, v in draws.items()}
    # 0.8 / (0.5 x 0.8) + 0.2 / (0.0625 x 0.8) = 6 peak-seconds per executed peak-second
    assert demand.inference_utilisation(one)[0] == pytest.approx(1 / 6)


def test_the_residual_is_what_bottom_up_leaves(model):
    parts = model.paths([]).reconciliation
    quarter = -20
    left = parts["capacity"] - parts["llm_inference"] - parts["training_and_rnd"]
    assert np.allclose(left[quarter], parts["unexplained"][quarter])
    halves = parts["unexplained_inference"] + parts["unexplained_training_and_rnd"]
    assert np.allclose(halves[quarter], parts["unexplained"][quarter])


def test_tokens_are_not_scaled_to_capacity(model):
    frames = compute_marts.marts()
    vendors = frames["vendor_quarters"]
    vendors["value_usd_m"] *= 3
    larger = compute_marts.model(frames, ORIGIN, 200, assumptions.SEED).paths([]).reconciliation
    base = model.paths([]).reconciliation
    assert np.median(larger["capacity"][-1]) > np.median(base["capacity"][-1])
    for bucket in ("llm_prefill", "llm_decode", "final_training_runs", "other_rnd"):
        assert np.array_equal(larger[bucket], base[bucket], equal_nan=True)


def test_scopes_are_apart_and_not_extended():
    series = demand.scope_series(compute_marts.marts()["token_usage"], GRID)
    assert list(series.columns) == [
        "alphabet/all-products",
        "bytedance/doubao",
        "openai/api",
        "fireworks-ai/platform",
    ]
    google = series["alphabet/all-products"]
    assert google.first_valid_index() == pd.Period("2024Q2", "Q")
    assert google.last_valid_index() == pd.Period("2026Q2", "Q")
    # Google's own API is inside its total: 22bn a minute in July 2026 would show as more
    assert google["2026Q2"] < 1.1e14


def test_world_tokens_are_chained_so_that_a_new_scope_makes_no_jump():
    days = pd.period_range("2025Q1", "2025Q3", freq="Q")
    series = pd.DataFrame({"a": [1.0, 2.0, 4.0], "b": [np.nan, np.nan, 6.0]}, index=days)
    world = demand.world_tokens(series, np.array([0.5]))
    assert world is not None
    assert world[:, 0] == pytest.approx([5.0, 10.0, 20.0])


def test_training_flop_is_spent_before_release():
    runs = pd.DataFrame({"released_on": [pd.Timestamp("2025-03-31")], "training_flop": [1.2e26]})
    flop = demand.final_run_flop(runs, GRID)
    assert flop.sum() == pytest.approx(1.2e26)
    assert flop[list(GRID.astype(str)).index("2025Q1")] == pytest.approx(1.2e26 * 90 / 120)


def test_thin_disclosure_is_no_base():
    assert demand.last_complete_quarter(np.array([1.0, 2, 3, 4, 5, 0.2, 0.1])) == 4


def test_what_priors_extend_is_marked():
    table = compute_marts.forecast(compute_marts.marts(), ORIGIN, n_paths=50)["reconciliation"]
    base = table[(table["scenario_id"] == "base") & (table["period_kind"] == "quarter")]
    last = base[~base["is_extrapolated"]].groupby("bucket")["target_period"].max()
    assert last["llm_inference"] == "2026Q2" and last["capacity"] == "2026Q2"
    assert last["training_and_rnd"] < "2026Q2"
    assert last["unexplained"] == last["training_and_rnd"]
    assert set(base["side"]) == {"top_down", "bottom_up", "residual"}
