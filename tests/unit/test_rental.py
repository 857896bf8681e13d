"""Rents: paths, their past scores, what is known when, and what each prior moves."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import rental_marts

from forecasts import assumptions, rent_lives, rental

ORIGIN = pd.Timestamp("2026-11-23").date()
ROWS = assumptions.load(ORIGIN)


@pytest.fixture(scope="module")
def found() -> dict[str, pd.DataFrame]:
    return rental.forecast(*rental_marts.marts(), ORIGIN, n_paths=400)


def test_rents_go_on_at_the_newest_level_and_widen(found: dict[str, pd.DataFrame]) -> None:
    rents = found["rental_prices"].set_index(["chip_id", "horizon"]).sort_index()
    h100 = rents.loc["nvidia-h100-sxm"]
    assert h100.index.tolist() == list(range(1, 25))
    assert h100["target_period"].iloc[0] == "2026-10" and h100["target_period"].iloc[-1] == "2028-09"
    assert h100["p50"].to_numpy() == pytest.approx(3.789, rel=0.003)
    width = np.log(h100["p90"] / h100["p10"])
    assert width.iloc[0] < width.iloc[5] < width.iloc[23] and 0.2 < width.iloc[11] < 0.8
    assert (rents[["p05", "p10", "p25", "p50", "p75", "p90", "p95"]].diff(axis=1).iloc[:, 1:] >= 0).all().all()
    # what has no index is a prior of what it serves beside a B200; what is no such accelerator has no rent
    priors = found["rental_prices"].query("rent_basis == 'measured_tokens'")
    assert set(priors["chip_id"]) == {"nvidia-b300", "nvidia-gb300", "amd-mi355x"}
    assert priors["uses_hindsight_assumption"].eq(False).all() and priors["reference_chip_id"].eq("nvidia-b200").all()
    gb300, mi355x = (
        priors.query("chip_id == @chip and horizon == 1")["p50"].item() for chip in ("nvidia-gb300", "amd-mi355x")
    )
    assert mi355x < gb300
    assert set(found["rental_prices"]["evidence_class"]) == {"anchored_prior"}


def test_a_past_forecast_knows_nothing_later() -> None:
    index, _ = rental_marts.marts()
    origin = pd.Timestamp("2025-03-31")
    whole = rental.backtest(rental.histories(index, ORIGIN))
    # what comes later is doubled, and another chip appears
    later = index.assign(
        index_first_month_100=index["index_first_month_100"].where(index["reported_on"] <= origin, 200.0),
    )
    changed = rental.backtest(rental.histories(later, ORIGIN))
    at = origin.to_period("M").ordinal
    keys = ["model_id", "chip_id", "ahead"]
    for month in (at, at - 6):
        old, new = (frame[frame["origin"] == month].set_index(keys).sort_index() for frame in (whole, changed))
        assert len(old) > 8
        pd.testing.assert_frame_equal(old[rental.scoring.QUANTILES], new[rental.scoring.QUANTILES])
    # control: a forecast made later does change
    old, new = (frame[frame["origin"] == at + 4][rental.scoring.QUANTILES].to_numpy() for frame in (whole, changed))
    assert not np.allclose(old, new)
    # a replay of that day sees the same months
    replayed = rental.histories(index, origin.date())
    assert list(replayed) == ["nvidia-h100-sxm"] and replayed["nvidia-h100-sxm"].index[-1] == origin.to_period("M")


def test_scores_are_of_the_forecasts_that_are_published(found: dict[str, pd.DataFrame]) -> None:
    scores, quantiles = found["rental_scores"], found["rental_quantiles"]
    past = quantiles[(quantiles["model_id"] == "recommended") & (quantiles["origin_date"] < pd.Timestamp(ORIGIN))]
    index, _ = rental_marts.marts()
    truth = index.assign(target_period=pd.PeriodIndex(index["period_start"], freq="M").astype(str))
    cases = past.merge(truth, left_on=["entity_id", "target_period"], right_on=["chip_id", "target_period"])
    assert len(cases) == len(past)
    wide = cases[cases["horizon"] == 6].pivot_table(
        index=["entity_id", "origin_date", "index_first_month_100"], columns="output_type_id", values="value"
    )
    outcome = wide.index.get_level_values(2).to_numpy()
    inside = ((outcome >= wide[0.1]) & (outcome <= wide[0.9])).mean()
    pooled = scores[
        (scores["entity_id"] == rental.POOLED) & (scores["model_id"] == "recommended") & (scores["horizon"] == 6)
    ]
    assert pooled.loc[pooled["metric"] == "coverage_80", ["value", "n"]].to_numpy().tolist() == [[inside, len(wide)]]
    # no change is recommended, so both score alike, and drift against it is what the table says
    skill = scores[
        scores["baseline_id"].eq("naive") & scores["metric"].eq("log_wis") & scores["entity_id"].eq(rental.POOLED)
    ]
    assert skill.loc[skill["model_id"] == "recommended", "skill"].abs().max() < 1e-12
    assert set(skill["model_id"]) == {"recommended", "log_drift", "damped_trend"}


def headline(fixed: dict[str, str] | None = None) -> dict[str, float]:
    """Medians that `direction` in assumptions.yml speaks of."""
    rents = rental.forecast(*rental_marts.marts(), ORIGIN, n_paths=120, fixed=fixed)["rental_prices"]
    lives, books = rent_lives.forecast(*rental_marts.life_marts(), ORIGIN, n_paths=120, fixed=fixed).values()
    gb300 = rents[(rents["chip_id"] == "nvidia-gb300") & (rents["target_period"] == "2028-09")]
    h100 = lives[(lives["metric"] == "life") & lives["answered_on"].eq(pd.Timestamp(ORIGIN))].iloc[-1]
    return {
        "rent_gb300_2028": gb300["p50"].item(),
        "rent_life_h100": h100["p10"],
        "rent_depreciation_meta": books.loc[books["issuer_id"] == "meta", "p50"].iloc[0],
        "rent_depreciation_coreweave": books.loc[books["issuer_id"] == "coreweave", "p50"].iloc[0],
    }


TURNED = [
    (row["parameter_id"], output, sign)
    for row in ROWS.to_dict("records")
    for output, sign in row["direction"].items()
    if output.startswith("rent_")
]


@pytest.fixture(scope="module")
def past() -> dict[str, pd.DataFrame]:
    """What takes most of the time and no prior has a part in: past errors and their scores."""
    series = rental.histories(rental_marts.marts()[0], ORIGIN)
    return {"past_errors": rental.past_errors(series), "backtest": rental.backtest(series), "scores": pd.DataFrame()}


@pytest.mark.parametrize(("parameter_id", "output", "sign"), TURNED, ids=[name for name, *_ in TURNED])
def test_each_prior_moves_the_rents_as_stated(
    monkeypatch: pytest.MonkeyPatch, past: dict[str, pd.DataFrame], parameter_id: str, output: str, sign: str
) -> None:
    for name, frame in past.items():
        monkeypatch.setattr(rental, name, lambda _, frame=frame: frame)
    low, high = (headline({parameter_id: level})[output] for level in ("p10", "p90"))
    assert (high - low) * {"+": 1, "-": -1}[sign] > 0


def test_an_owner_is_paid_back_and_leaves_when_rent_no_longer_covers_costs() -> None:
    # 100 a month for 30 months, then losses: paid back after 24, left after 30, and a return that makes both sides equal
    net = np.concatenate([np.full((30, 1), 100.0), np.full((90, 1), -1.0)])
    found = rent_lives.earned(np.array([2400.0]), net)
    assert found["pay_back"] == 2 and found["life"] == 2.5
    years = np.arange(1, 31) / 12
    assert (100 * np.exp(-found["internal_rate_of_return"] * years)).sum() == pytest.approx(2400)
    never = rent_lives.earned(np.array([4000.0]), net)
    assert never["pay_back"] == 10 and never["internal_rate_of_return"] < 0
    draws = {
        **{"server_power_factor": 1.5, "pue": 1.2, "facility_load_factor": 0.5, "electricity_usd_per_mwh": 100},
        **{"facility_usd_per_kw_month": 200, "rent_realised_of_list": 0.5, "rented_share_of_hours": 0.8},
    }
    income, costs = rent_lives.per_month(np.array([2.0]), 1000, draws)
    assert income == pytest.approx(2 * 0.5 * 0.8 * 730.5) and costs == pytest.approx(300 + 1.5 * 1.2 * 0.5 * 73.05)


def test_lives_of_today_and_of_the_end_of_2024() -> None:
    lives, books = rent_lives.forecast(*rental_marts.life_marts(), ORIGIN, n_paths=400).values()
    assert not lives.duplicated(["answered_on", "chip_id", "purchased_on", "metric"]).any()
    then = lives[lives["answered_on"] == pd.Timestamp("2024-12-31")]
    assert set(then["chip_id"]) == {"nvidia-h100-sxm"} and then["purchased_on"].max() == pd.Timestamp("2024-12-31")
    # what it said of rents since, beside what they were in the months that pass
    since = then[then["metric"] == "mean_rent_since"].iloc[0]
    index = rental_marts.marts()[0].query("chip_id == 'nvidia-h100-sxm' and is_published").set_index("period_start")
    rents = index["index_first_month_100"] / index["index_first_month_100"][:"2024-12-31"].iloc[-1] * 3.789
    assert since["actual"] == pytest.approx(rents["2025-01-01":].mean())
    assert since["p10"] < since["p50"] < since["p90"] and lives["actual"].notna().sum() == 1
    # a dearer chip is paid back later; a longer life than the book's is less to write off in a year
    back = lives[(lives["metric"] == "pay_back") & (lives["chip_id"] == "nvidia-h100-sxm")].set_index("purchased_on")
    back = back[back["answered_on"] == pd.Timestamp(ORIGIN)]
    assert back["chip_usd"].iloc[0] == 26000 and back["chip_usd"].iloc[-1] == 23000
    h100 = books[books["chip_id"] == "nvidia-h100-sxm"].iloc[0]
    assert h100["depreciation_usd_m"] > h100["p50"] > 0.3 * h100["depreciation_usd_m"]
