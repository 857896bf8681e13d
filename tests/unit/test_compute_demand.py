"""Accountings, bottom-up demand and the residual."""

from __future__ import annotations

import compute_marts
import numpy as np
import pandas as pd
import pytest
from scipy import stats

from forecasts import assumptions, compute, demand, held_out

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
    assert np.allclose(utilisation, (1 - model.draws["idle_share"]) * demand.inference_utilisation(model.draws))
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
    leaves = ("idle", "llm_prefill", "llm_decode", "non_llm_inference", "non_llm_training", "final_training_runs")
    left = parts["capacity"] - sum(parts[bucket] for bucket in (*leaves, "research_runs", "batch_work"))
    assert np.allclose(left[quarter], parts["unexplained"][quarter])
    assert (np.median(parts["unexplained"] / parts["capacity"], axis=1)[quarter] > 0).all()
    halves = parts["unexplained_inference"] + parts["unexplained_training_and_rnd"]
    assert np.allclose(halves[quarter], parts["unexplained"][quarter])


def test_tokens_are_not_scaled_to_capacity(model):
    frames = compute_marts.marts()
    vendors = frames["vendor_quarters"]
    vendors["value_usd_m"] *= 3
    larger = compute_marts.model(frames, ORIGIN, 200, assumptions.SEED).paths([]).reconciliation
    base = model.paths([]).reconciliation
    assert np.median(larger["capacity"][-1]) > np.median(base["capacity"][-1])
    for bucket in ("llm_prefill", "llm_decode", "final_training_runs"):
        assert np.array_equal(larger[bucket], base[bucket], equal_nan=True)


def test_laboratories_hold_their_chips_part_of_the_fleet(model):
    labs, fleet = model.marts["lab_compute"], model.base_fleet
    share = demand.lab_share(labs, fleet, model.draws)
    at = {str(quarter): i for i, quarter in enumerate(fleet.grid)}
    chips = labs[labs["observed_on"].dt.year == 2025]["h100e_8bit_p50"].sum()
    held = chips / fleet.operational["h100e_8bit"][at["2025Q4"]] * model.draws["lab_share_factor"]
    assert np.allclose(share[at["2025Q4"]], np.minimum(held, 1))
    # OpenAI's chips alone are known of 2023: no end of a year for all
    assert np.array_equal(share[at["2023Q4"]], share[at["2024Q4"]])
    assert np.allclose(share[at["2025Q2"]], (share[at["2024Q4"]] + share[at["2025Q4"]]) / 2)
    assert demand.lab_share(labs.iloc[:0], fleet, model.draws) is None


def test_before_laboratories_are_known_research_is_what_final_runs_let_expect(model):
    parts = demand.bottom_up({**model.marts, "lab_compute": pd.DataFrame()}, model.base_fleet, model.draws)
    found = parts["research_runs"] + parts["batch_work"]
    expected = parts["final_training_runs"] * (1 / model.draws["final_run_share"] - 1)
    assert np.allclose(found, expected)


def test_idle_chips_execute_nothing(model):
    idle = {**model.draws, "idle_share": np.ones_like(model.draws["idle_share"])}
    shares = np.full_like(model.paths([]).share, 0.5)
    executed = demand.accountings(model.base_fleet, shares, idle)["executed_flop"]
    assert not executed["total"].any()


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
    assert last["idle"] == "2026Q2" and last["research_runs"] == last["non_llm_inference"] == "2025Q4"
    assert last["training_and_rnd"] < "2025Q4"
    assert last["unexplained"] == last["training_and_rnd"]
    assert set(base["side"]) == {"top_down", "bottom_up", "residual"}


def usage(**scopes: list[tuple[str, float]]) -> pd.DataFrame:
    """Token statements of scopes, each a list of days and tokens a day."""
    names = {"a": ("alphabet", "all products"), "b": ("bytedance", "Doubao"), "c": ("openai", "API")}
    rows = [(*names[name], day, tokens) for name, stated in scopes.items() for day, tokens in stated]
    table = pd.DataFrame(rows, columns=["organisation_id", "scope", "observed_on", "tokens_per_day"])
    days = pd.to_datetime(table["observed_on"])
    return table.assign(observed_on=days, reported_on=days)


def test_a_held_out_total_is_its_last_one_grown_as_the_others_grew():
    a, b = [("2025-01-01", 1.0), ("2026-01-01", 8.0)], [("2025-01-01", 10.0), ("2026-01-01", 20.0)]
    c = [("2025-01-01", 3.0), ("2026-01-01", 24.0)]
    table = held_out.token_holdouts(usage(a=a, b=b, c=c), ORIGIN).set_index("organisation_id")
    # b grew twofold and c eightfold: fourfold in the mean of logs
    assert table.loc["alphabet", "p50"] == pytest.approx(4.0)
    assert table.loc["bytedance", "p50"] == pytest.approx(80.0)
    # without a's, b from c alone and c from b alone are wrong by a factor of four, a year apart: t of two errors of log 4
    half = stats.t.ppf(0.9, 2) * np.log(4) * np.sqrt(365 / 365.25) / np.sqrt(365 / 365.25)
    assert np.log(table.loc["alphabet", "p90"] / 4.0) == pytest.approx(half)
    assert table["learned_from"].eq(2).all() and table["is_newest"].all()
    assert table["inside_80"].tolist() == [True, False, True]


def test_what_is_held_out_teaches_neither_level_nor_width():
    scopes = {"b": [("2025-01-01", 10.0), ("2026-01-01", 20.0)], "c": [("2025-01-01", 3.0), ("2026-01-01", 24.0)]}
    small, large = (
        held_out.token_holdouts(usage(a=[("2025-01-01", 1.0), ("2026-01-01", x)], **scopes), ORIGIN)
        for x in (2.0, 900.0)
    )
    columns = ["p10", "p50", "p90"]
    assert np.allclose(small[columns].iloc[0], large[columns].iloc[0])
    assert not np.allclose(small[columns].iloc[1], large[columns].iloc[1])


def test_its_own_earlier_totals_teach_the_width_and_its_later_ones_nothing():
    b = [("2024-01-01", 10.0), ("2025-01-01", 20.0), ("2026-01-01", 40.0)]
    steady, spurts, later = (
        held_out.token_holdouts(usage(a=stated, b=b), ORIGIN).set_index(["organisation_id", "observed_on"])
        for stated in (
            [("2024-01-01", 1.0), ("2025-01-01", 2.0), ("2026-01-01", 4.0)],
            [("2024-01-01", 0.2), ("2025-01-01", 2.0), ("2026-01-01", 4.0)],
            [("2024-01-01", 1.0), ("2025-01-01", 2.0), ("2026-01-01", 900.0)],
        )
    )
    newest, first = ("alphabet", "2026-01-01"), ("bytedance", "2025-01-01")
    assert steady.loc[newest, "p10"] == pytest.approx(4.0)
    assert spurts.loc[newest, "p10"] < 1.0 and spurts.loc[newest, "p50"] == pytest.approx(4.0)
    assert later.loc[newest, "p10"] == pytest.approx(4.0) and not later.loc[newest, "inside_80"]
    assert first not in steady.index, "before its second total nothing is known to be wrong by"


def test_a_total_that_no_other_spans_is_not_predicted():
    assert held_out.token_holdouts(usage(a=[("2024-01-01", 1.0), ("2025-01-01", 2.0)], b=[]), ORIGIN).empty
    assert held_out.token_holdouts(usage(), ORIGIN).empty
