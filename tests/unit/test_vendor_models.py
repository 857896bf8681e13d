"""The models against hand calculation, and the series they are given."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import vendor_marts
import yaml

import forecasts
from forecasts import panel
from forecasts.ensemble import MEANS, bend
from forecasts.models import (
    guidance,
    log_drift,
    naive,
    raw_guidance,
    registry,
    seasonal_naive,
    shrunk_drift,
    structural,
)
from forecasts.panel import Context, History, Target, targets
from forecasts.vendor_calendar import fiscal_label, period_end

ORIGIN = date(2026, 9, 30)
CARDS = Path(forecasts.__file__).parent / "cards"
EMPTY = pd.DataFrame()


def make(values: list[float], entity_id: str = "nvidia-data-center", definitions: list[str] | None = None) -> History:
    n = len(values)
    labels = [panel.quarter_label(panel.quarter_ordinal("2026Q2") - n + 1 + i) for i in range(n)]
    days = np.array([f"{pd.Period(label).end_time:%Y-%m-%d}" for label in labels], dtype="datetime64[D]")
    series = panel.Series(
        entity_id=entity_id,
        quarters=np.array([panel.quarter_ordinal(label) for label in labels]),
        values=np.array(values),
        reported_on=days + 40,
        period_ends=days,
        fiscal_periods=np.array([f"FY{label}" for label in labels]),
        definitions=np.array(definitions or ["v1"] * n),
        recalled=np.zeros(n, bool),
    )
    found = panel.history(series, ORIGIN)
    assert found is not None
    return found


def nothing_else(histories: dict[str, History] | None = None) -> Context:
    return Context(ORIGIN, histories or {}, EMPTY, EMPTY)


def test_log_drift_is_the_hand_formula() -> None:
    values = [100.0, 130.0, 120.0, 180.0, 240.0]
    growth = (240.0 / 100.0) ** (1 / 4)
    expected = [240.0 * growth**h for h in (1, 2, 3)]
    assert np.exp(log_drift.path(make(values), nothing_else(), 3)) == pytest.approx(expected)


def test_naive_repeats_the_last_value_and_seasonal_naive_last_year() -> None:
    past = make([10.0, 20.0, 30.0, 40.0, 50.0])
    assert np.exp(naive.path(past, nothing_else(), 2)) == pytest.approx([50.0, 50.0])
    assert np.exp(seasonal_naive.path(past, nothing_else(), 5)) == pytest.approx([20.0, 30.0, 40.0, 50.0, 20.0])
    draws = naive.errors(past, 2, np.random.default_rng(0), 4000)
    assert abs(np.median(draws[0])) < np.abs(past.increments).min() + 1e-9


def test_growth_is_not_read_across_a_change_of_definition() -> None:
    past = make([100.0, 110.0, 1000.0, 1100.0], definitions=["old", "old", "new", "new"])
    assert past.increments == pytest.approx(np.log([1.1, 1.1]))
    assert past.is_break.tolist() == [False, False, True, False]
    assert np.exp(past.log_level) == pytest.approx([1000.0 / 1.1, 1000.0, 1000.0, 1100.0])
    assert np.exp(log_drift.path(past, nothing_else(), 1)) == pytest.approx([1210.0])


def test_one_missing_quarter_is_bridged_and_a_longer_gap_starts_anew() -> None:
    frames = vendor_marts.marts()
    rows = frames["vendor_quarters"]
    amd = rows["vendor_id"] == "amd"
    one = rows[~(amd & (rows["calendar_quarter"] == "2025Q4"))]
    two = one[~((one["vendor_id"] == "amd") & (one["calendar_quarter"] == "2025Q3"))]

    def known(quarters: pd.DataFrame) -> History:
        return panel.build(quarters, EMPTY, EMPTY).at(ORIGIN).histories["amd-data-center"]

    whole, bridged, cut = known(rows), known(one), known(two)
    assert len(bridged) == len(whole) == 16
    assert bridged.log_level[-3] == pytest.approx((bridged.log_level[-4] + bridged.log_level[-2]) / 2)
    assert len(cut) == 2


def test_shrunk_drift_lies_between_own_and_panel_growth() -> None:
    fast, slow = make([100.0 * 1.3**i for i in range(12)]), make([100.0] * 12, "intel-dcai")
    growth = shrunk_drift.path(fast, nothing_else({"intel-dcai": slow}), 1)[0] - fast.log_level[-1]
    assert growth == pytest.approx(11 / (11 + shrunk_drift.PSEUDO_QUARTERS) * np.log(1.3))


def test_structural_growth_fades_to_two_percent_a_quarter() -> None:
    growth = structural.fading(0.15, 100)
    assert growth[0] == pytest.approx(0.15)
    assert growth[8] == pytest.approx((0.15 + np.log(1.02)) / 2)
    assert growth[-1] == pytest.approx(np.log(1.02), abs=1e-3)


def test_bending_leaves_two_quarters_and_ends_without_time_series() -> None:
    straight = np.log(100.0) + 0.2 * np.arange(1, 21)[None]
    bent = bend(straight, np.array([np.log(100.0)]), np.array([2]))
    assert bent[0, :2] == pytest.approx(straight[0, :2])
    assert (np.diff(bent[0])[2:] < 0.2).all()
    tail = bend(straight + np.where(np.arange(20) > 3, 5.0, 0.0), np.array([np.log(100.0)]), np.array([2]))
    assert tail[0, 15:] == pytest.approx(bent[0, 15:])


def test_guidance_is_midpoint_times_shrunk_trailing_beat() -> None:
    frames = vendor_marts.marts()
    context = panel.build(**frames).at(ORIGIN)
    past = context.histories["nvidia-total"]
    mid = frames["guidance"]["mid_usd_m"].iloc[-1]
    beat = np.log(1 / 0.96) * guidance.TRAILING_BEATS / (guidance.TRAILING_BEATS + guidance.PSEUDO_BEATS)
    path = guidance.path(past, context, 3)
    assert path is not None
    assert path[0] == pytest.approx(np.log(mid) + beat)
    drift = log_drift.path(past, context, 3)
    assert path[2] - drift[2] == pytest.approx(guidance.DECAY**2 * (path[0] - drift[0]))
    raw = raw_guidance.path(past, context, 3)
    assert raw is not None
    assert np.exp(raw[0]) == pytest.approx(mid)
    assert np.isnan(raw[1:]).all()


def test_capex_guidance_fills_the_rest_of_the_guided_year_on_the_cash_basis() -> None:
    frames = vendor_marts.marts()
    capex = frames["capex_quarters"]
    stated = capex[capex["company_id"] == "meta"].assign(basis="company_stated")
    stated["capex_usd_m"] *= 1.25
    rows = dict(issuer_id="meta", metric="capex", segment_id="total", target_period="CY2026", mid_usd_m=40_000.0)
    rows |= dict(basis="with finance leases", given_as="outlook")
    said = pd.DataFrame([rows | {"issued_on": pd.Timestamp("2026-07-30")}])
    context = panel.build(frames["vendor_quarters"], said, pd.concat([capex, stated])).at(ORIGIN)
    path = guidance.path(context.histories["capex-meta"], context, 4)
    assert path is not None
    year = capex[(capex["company_id"] == "meta") & (capex["calendar_quarter"] >= "2026Q1")]["capex_usd_m"].sum()
    assert year + np.exp(path[:2]).sum() == pytest.approx(40_000.0 / 1.25)


@pytest.mark.parametrize(
    ("entity_id", "last", "end", "ahead", "expected"),
    [
        ("nvidia-data-center", "FY2027Q2", date(2026, 7, 26), 1, date(2026, 10, 25)),
        ("nvidia-data-center", "FY2027Q2", date(2026, 7, 26), 2, date(2027, 1, 31)),
        ("broadcom-ai", "FY2026Q3", date(2026, 8, 2), 1, date(2026, 11, 1)),
        ("broadcom-ai", "FY2023Q4", date(2023, 10, 29), 1, date(2024, 2, 4)),
        ("amd-data-center", "FY2026Q2", date(2026, 6, 27), 2, date(2026, 12, 26)),
        ("capex-oracle", "FY2027Q1", date(2026, 8, 31), 2, date(2027, 2, 28)),
    ],
)
def test_last_days_of_fiscal_quarters_ahead(entity_id: str, last: str, end: date, ahead: int, expected: date) -> None:
    history = History(entity_id, np.array([]), np.array([]), np.array([]), last, "v1", end, end)
    target: Target = targets()[entity_id]
    assert period_end(target, history, ahead) == expected
    assert fiscal_label("FY2026Q4", 1) == "FY2027Q1"


def test_every_model_has_a_card_and_every_mean_its_models() -> None:
    cards = {path.stem: yaml.safe_load(path.read_text()) for path in CARDS.glob("*.yml")}
    assert set(registry()) <= set(cards)
    for name in registry():
        assert {"model_id", "name", "idea", "inputs", "judgement", "reference", "weaknesses"} <= set(cards[name])
        assert cards[name]["model_id"] == name
    assert {member for mean in MEANS.values() for member in mean} <= set(registry())


def test_every_model_gives_a_path_or_nothing() -> None:
    context = panel.build(**vendor_marts.marts()).at(ORIGIN)
    for model in registry().values():
        for history in context.histories.values():
            path = model(history, context, 18)
            assert path is None or path.shape == (18,)
