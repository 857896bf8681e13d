"""Anchors and the share state: units named, leave-one-out, and that the data move the answer."""

from __future__ import annotations

import compute_marts
import numpy as np
import pandas as pd
import pytest

from forecasts import anchors, assumptions, compute, share

ORIGIN = pd.Timestamp("2026-11-24").date()
N = 400


@pytest.fixture(scope="module")
def model() -> compute.Model:
    return compute_marts.model(compute_marts.marts(), ORIGIN, N, assumptions.SEED)


@pytest.fixture(scope="module")
def loo(model) -> pd.DataFrame:
    return share.leave_one_out(model.state, model.anchors, assumptions.SEED)


def test_anchors_say_unit_population_and_error(model):
    assert [a.anchor_id for a in model.anchors] == sorted(
        (spec["anchor_id"] for spec in anchors.specifications()), key=lambda name: (name.split("-")[1], name)
    )
    assert {a.flow_or_stock for a in model.anchors} == {"flow", "stock"}
    assert all(a.unit and a.population for a in model.anchors)
    sd = {a.anchor_id: a.sd for a in model.anchors}
    # read in a page, and in a note: the error of the latter is doubled
    assert sd["openai-2025-accounts"] == assumptions.value("share_error_composite")
    assert sd["openai-2025-investors"] == 2 * assumptions.value("share_error_composite")


def test_leave_one_out(loo):
    assert loo["inside_80"].sum() >= len(loo) - 2
    assert (loo["width_ok"] == (loo["width_80"] <= 0.40)).all() and loo["width_ok"].sum() >= 4
    assert loo["prior_share_of_posterior_variance"].between(0, 1).all()
    assert (loo["prior_weight"] <= loo["prior_share_of_posterior_variance"]).all()


def test_the_2025_medians_differ_by_accounting(model):
    paths = model.paths([])
    year = np.asarray(paths.share_grid.year) == 2025

    def median(accounting: str) -> float:
        split = paths.demand[accounting]
        return float(np.median(split["inference"][year].sum(axis=0) / split["total"][year].sum(axis=0)))

    assert median("executed_flop") < median("chip_hours") - 0.10
    assert median("dollars") < median("chip_hours")


def reading(share: float, name: str, group: str = "one") -> anchors.Anchor:
    """A reading of 2025 that is a share of chip-hours itself."""
    n = np.ones(N)
    return anchors.Anchor(name, group, 2025, n * share, n * 0, 0.3, "chip_hours", "all", "stock", "page", ORIGIN)


def spread(model, found: list[anchors.Anchor]) -> tuple[float, float]:
    """Median and 80% width of the state of 2025 under these anchors, log odds."""
    x = model.state.mean_of(2025)[model.state.choose(found), model.state.paths]
    low, middle, high = np.quantile(x, (0.1, 0.5, 0.9))
    return middle, high - low


def test_readings_that_disagree_widen_the_interval_and_count_once(model):
    low, high = reading(0.36, "low"), reading(0.66, "high")
    alone, both = spread(model, [low]), spread(model, [low, high])
    assert both[1] > 1.2 * max(alone[1], spread(model, [high])[1])
    assert spread(model, [high])[0] > both[0] > alone[0]
    # the same reading twice is one reading; as another quantity it is one more observation
    again = spread(model, [low, reading(0.36, "again")])
    assert again == pytest.approx(alone)
    assert spread(model, [low, reading(0.36, "again", "two")])[1] < alone[1]


@pytest.mark.parametrize("anchor", ["deloitte", "nvidia"])
def test_raising_an_anchor_raises_the_state(model, anchor):
    frames = compute_marts.marts()
    split = frames["compute_split"]
    split.loc[split["organisation_id"] == anchor, "value"] += 20
    raised = compute_marts.model(frames, ORIGIN, N, assumptions.SEED)
    before, after = (m.state.mean_of(2023)[m.chosen, m.state.paths].mean() for m in (model, raised))
    assert after > before + 0.02


def test_a_share_from_two_of_three_figures():
    stated = anchors.Statements(compute_marts.marts()["compute_split"])
    specs = {spec["anchor_id"]: spec for spec in anchors.specifications()}
    assert stated.share(specs["openai-2025-investors"]) == pytest.approx(8.0 / 16.3)
    assert stated.share(specs["openai-2025-accounts"]) == pytest.approx(6.047 / 16.637)
    assert stated.share(specs["openai-2025-azure"]) == pytest.approx(8.67 / 16.637)
    # Anthropic 2024: 2.5 in all less 1.5 of research
    assert stated.share(specs["openai-2024-investors"]["beside"]) == pytest.approx(0.4)
    assert stated.share(specs["deloitte-2023"]) == pytest.approx(0.33)


def test_the_fleet_is_its_labs_and_the_rest():
    """Labs of a third of the fleet that serve 30% beside others that serve 60%: half, with no difference in cost."""
    marts = {
        "lab_compute": pd.DataFrame({"organisation_id": ["openai", "xai"], "h100e_8bit_p50": [200.0, 100.0]}).assign(
            observed_on=pd.Timestamp("2025-12-31")
        ),
        "compute_split": pd.DataFrame(
            {"organisation_id": "openai", "period": "2025", "component": ["a", "b"], "value": [3.0, 7.0]}
        ).assign(reported_on=ORIGIN, read_in="page"),
    }
    draws = {
        "lab_share_factor": np.ones(1),
        "inference_cost_ratio": np.ones(1),
        "non_lab_inference_share": np.array([0.6]),
    }
    spec = {"year": 2025, "labs": "openai", "inference": ["openai", "2025", "a"], "rest": ["openai", "2025", "b"]}
    found = anchors._fleet_share(
        anchors.Statements(marts["compute_split"]), spec, marts, {2025: np.array([900.0])}, draws
    )
    assert found == pytest.approx([0.5])


def test_an_anchor_published_later_is_not_used():
    early = compute_marts.model(compute_marts.marts(), pd.Timestamp("2025-02-28").date(), 50, 1)
    assert [a.anchor_id for a in early.anchors] == ["nvidia-2023"]
    assert all(a.reported_on <= pd.Timestamp("2025-02-28") for a in early.anchors)


def test_without_anchors_there_is_no_split():
    result = compute_marts.forecast(compute_marts.marts(), pd.Timestamp("2023-12-31").date(), n_paths=50)
    assert len(result["installed_base"]) and len(result["chip_market"])
    for table in (
        result["inference_share"],
        result["compute_demand"],
        result["reconciliation"],
        result["share_anchors"],
    ):
        assert table.empty


def test_the_shift_begins_after_the_last_reported_quarter(model):
    grid = model.state.grid
    up = model.state.trajectory(model.chosen, np.full(N, 0.3))
    flat = model.state.trajectory(model.chosen, np.zeros(N))
    past = grid <= pd.Period("2026Q2", "Q")
    assert np.array_equal(up[past], flat[past])
    assert (up[~past] > flat[~past]).all()
