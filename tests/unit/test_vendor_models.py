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
from forecasts import beats, centre, guided, panel, rental
from forecasts.models import log_drift, naive, raw_guidance, registry, scum
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
    return Context(ORIGIN, histories or {}, EMPTY)


def test_log_drift_is_the_hand_formula() -> None:
    values = [100.0, 130.0, 120.0, 180.0, 240.0]
    growth = (240.0 / 100.0) ** (1 / 4)
    expected = [240.0 * growth**h for h in (1, 2, 3)]
    assert np.exp(log_drift.path(make(values), nothing_else(), 3)) == pytest.approx(expected)


def test_naive_repeats_the_last_value() -> None:
    past = make([10.0, 20.0, 30.0, 40.0, 50.0])
    assert np.exp(naive.path(past, nothing_else(), 2)) == pytest.approx([50.0, 50.0])
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


def test_four_models_continue_a_straight_line() -> None:
    line = np.log(100.0) + 0.1 * np.arange(20)
    path = scum.path(line, 1)
    assert path == pytest.approx(line[-1] + 0.1 * np.arange(1, 9), abs=0.02)
    assert scum.path(line[:11], 1) is None


def test_guidance_is_midpoint_times_median_beat_and_a_segment_its_last_share() -> None:
    frames = vendor_marts.marts()
    context = panel.build(**frames).at(ORIGIN)
    whole, part = context.histories["nvidia-total"], context.histories["nvidia-data-center"]
    mid = frames["guidance"]["mid_usd_m"].iloc[-1]
    ahead = guided.revenue(context)
    assert np.exp(ahead["nvidia-total"]) == pytest.approx([mid / 0.96])
    share = np.exp(part.log_level[-1] - whole.log_level[-1])
    assert np.exp(ahead["nvidia-data-center"]) == pytest.approx([mid / 0.96 * share])
    raw = raw_guidance.path(whole, context, 3)
    assert raw is not None
    assert np.exp(raw[0]) == pytest.approx(mid)
    assert np.isnan(raw[1:]).all()


def test_a_total_that_is_out_before_its_segment_gives_the_segment() -> None:
    frames = vendor_marts.marts()
    rows = frames["vendor_quarters"]
    frames["vendor_quarters"] = rows[~((rows["segment_id"] == "hpc") & (rows["calendar_quarter"] == "2026Q2"))]
    context = panel.build(**frames).at(ORIGIN)
    whole, part = context.histories["tsmc-total"], context.histories["tsmc-hpc"]
    share = part.log_level[-1] - whole.log_level[-2]
    assert guided.revenue(context)["tsmc-hpc"] == pytest.approx([whole.log_level[-1] + share])


def test_a_beat_is_learned_from_all_issuers_in_their_own_size() -> None:
    """Beats that are large and small in turn: learned from two issuers the next one is known, their medians miss it."""
    sizes = {"nvidia-total": 0.10, "tsmc-total": 0.01}
    guides = {}
    for key, size in sizes.items():
        whole = make(list(np.exp(5 + 0.05 * np.arange(24))), key)
        turn = np.where(whole.quarters % 2 == whole.quarters[-1] % 2, 0.5, 1.5)
        mids = dict(zip(whole.quarters.tolist(), whole.log_level - size * turn, strict=True))
        guides[key] = (whole, mids | {int(whole.quarters[-1]) + 1: float(whole.log_level[-1]) + 0.05 - 1.5 * size})
    learned, own = beats.expected(guides), beats.medians(guides)
    for key, size in sizes.items():
        assert abs(learned[key] - 1.5 * size) < 0.2 * abs(own[key] - 1.5 * size)
    one = {"tsmc-total": guides["tsmc-total"]}
    few = {"tsmc-total": (one["tsmc-total"][0], dict(list(one["tsmc-total"][1].items())[8:]))}
    assert beats.expected(few) == beats.medians(few) == {"tsmc-total": pytest.approx(0.01)}


def test_an_unguided_next_quarter_is_log_drift(monkeypatch: pytest.MonkeyPatch) -> None:
    vendor_marts.drift_for_fits(monkeypatch)
    context = panel.build(**vendor_marts.marts()).at(ORIGIN)
    past = context.histories["intel-dcai"]
    assert centre.centres(context)["intel-dcai"][0] == pytest.approx(log_drift.path(past, context, 1)[0])


def said(period: str, mid: float, day: str) -> dict:
    rows = dict(issuer_id="meta", metric="capex", segment_id="total", basis="with finance leases", given_as="outlook")
    return rows | dict(target_period=period, mid_usd_m=mid, issued_on=pd.Timestamp(day))


def test_the_years_guide_moves_capex_once_a_guide_of_the_issuer_is_scored() -> None:
    frames = vendor_marts.marts()
    capex = frames["capex_quarters"]
    meta = capex[capex["company_id"] == "meta"]
    # Stated capex is a quarter above cash, so a guide on that basis is worth a quarter less.
    stated = meta.assign(basis="company_stated", capex_usd_m=meta["capex_usd_m"] * 1.25)
    spent = meta.groupby(meta["calendar_quarter"].str[:4])["capex_usd_m"].sum()

    def path(guides: list[dict]) -> np.ndarray:
        context = panel.build(frames["vendor_quarters"], pd.DataFrame(guides), pd.concat([capex, stated])).at(ORIGIN)
        return centre.centres(context)["capex-meta"]

    now = said("CY2026", 40_000.0, "2026-08-12")
    right, wrong = (said("CY2025", spent["2025"] * 1.25 * factor, "2025-05-15") for factor in (1.0, 1.5))
    plain, exact, loose = path([now]), path([right, now]), path([wrong, now])
    assert plain == pytest.approx(path([]))
    # An issuer whose guide was exact is believed: the year's rest is what it leaves.
    assert spent["2026"] + np.exp(exact[:2]).sum() == pytest.approx(40_000.0 / 1.25, rel=0.02)
    assert plain[1] < loose[1] < exact[1]
    # The level stays where the guide left it.
    assert np.diff(exact - plain)[2:] == pytest.approx(0.0, abs=1e-9)


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
    history = History(entity_id, np.array([]), np.array([]), np.array([]), {}, {}, last, "v1", end, end)
    target: Target = targets()[entity_id]
    assert period_end(target, history, ahead) == expected
    assert fiscal_label("FY2026Q4", 1) == "FY2027Q1"


def test_every_model_has_a_card() -> None:
    cards = {path.stem: yaml.safe_load(path.read_text()) for path in CARDS.glob("*.yml")}
    assert set(cards) == {*registry(), *rental.MODELS, "recommended", "unbounded"}
    for name, card in cards.items():
        assert {"model_id", "name", "idea", "inputs", "judgement", "reference", "weaknesses"} <= set(card)
        assert card["model_id"] == name


def test_every_model_gives_a_path_or_nothing() -> None:
    context = panel.build(**vendor_marts.marts()).at(ORIGIN)
    for model in registry().values():
        for history in context.histories.values():
            path = model(history, context, 18)
            assert path is None or path.shape == (18,)
