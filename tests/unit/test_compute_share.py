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


def test_six_anchors_each_with_unit_population_and_flow_or_stock(model):
    assert [a.anchor_id for a in model.anchors] == [
        "deloitte-2023",
        "nvidia-2023",
        "composite-2024",
        "composite-2025",
        "deloitte-2025",
        "deloitte-2026",
    ]
    assert {a.flow_or_stock for a in model.anchors} == {"flow", "stock"}
    assert all(a.unit and a.population and a.kind in share.SD for a in model.anchors)


def test_leave_one_out(loo):
    narrow = loo[loo["width_80"] <= 0.40]
    assert narrow["inside_80"].sum() >= 4
    assert loo["prior_share_of_posterior_variance"].between(0, 1).all()
    assert (loo["prior_weight"] <= loo["prior_share_of_posterior_variance"]).all()


def test_the_2025_median_is_in_the_stated_range(model):
    paths = model.paths([])
    year = np.asarray(paths.share_grid.year) == 2025

    def median(accounting: str) -> float:
        split = paths.demand[accounting]
        return float(np.median(split["inference"][year].sum(axis=0) / split["total"][year].sum(axis=0)))

    assert 0.45 <= median("chip_hours") <= 0.61
    assert median("executed_flop") < median("chip_hours") - 0.10
    assert median("dollars") != median("chip_hours")


@pytest.mark.parametrize("anchor", ["industry-deloitte", "nvidia"])
def test_raising_an_anchor_raises_the_state(model, anchor):
    frames = compute_marts.marts()
    split = frames["compute_split"]
    split.loc[split["organisation_id"] == anchor, "value"] += 20
    raised = compute_marts.model(frames, ORIGIN, N, assumptions.SEED)
    before, after = (m.state.anchor_year[2023][m.chosen, m.state.paths].mean() for m in (model, raised))
    assert after > before + 0.02


def test_labs_split_from_two_of_three_components():
    spend = compute_marts.marts()["compute_spend"]
    value, known_on = anchors.lab_split(spend, 2024)
    # OpenAI 1.8 and 4.0; Anthropic 2.5 in total less 1.5 for research
    assert value == pytest.approx((1800 + 1000) / (1800 + 4000 + 2500))
    assert known_on == pd.Timestamp("2025-02-28")
    # Anthropic 2025 has inference alone, which is no split
    assert anchors.lab_split(spend, 2025)[0] == pytest.approx(7 / 16)
    assert anchors.lab_split(spend, 2022) is None


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
