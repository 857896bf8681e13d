"""Paths: they add up, stay within what capex can pay for, and are what the tables say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np
import pandas as pd
import pytest
import vendor_marts

from forecasts import vendor_paths, vendor_revenue
from forecasts.intervals import UNIT_T, horizon_correlation, unit_errors
from forecasts.vendor_paths import CAPEX_PARTS, CAPEX_TOTAL, CEILING, VENDOR_PARTS, VENDOR_TOTAL, Line

ORIGIN = date(2026, 9, 30)


@pytest.fixture(scope="module", autouse=True)
def quick_models() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        vendor_marts.drift_for_fits(patch)
        yield


@pytest.fixture(scope="module")
def found() -> vendor_revenue.VendorForecast:
    return vendor_revenue.forecast(**vendor_marts.marts(), origin=ORIGIN, n_paths=400, backtest=None)


def test_vendors_add_to_the_total_on_every_path(found: vendor_revenue.VendorForecast) -> None:
    for total, parts in ((VENDOR_TOTAL, VENDOR_PARTS), (CAPEX_TOTAL, CAPEX_PARTS)):
        added = np.sum([found.paths[key] for key in parts], axis=0)
        np.testing.assert_allclose(found.paths[total], added, rtol=1e-12)


def test_a_company_is_never_smaller_than_its_segment(found: vendor_revenue.VendorForecast) -> None:
    assert (found.paths["nvidia-total"] >= found.paths["nvidia-data-center"] - 1e-9).all()


def test_vendors_sell_no_more_than_capex_pays_for_on_any_path(found: vendor_revenue.VendorForecast) -> None:
    total, bound = found.paths[VENDOR_TOTAL], found.paths[CEILING]
    assert total.shape == bound.shape and (total <= bound * (1 + 1e-9)).all()
    assert (total > bound * (1 - 1e-9)).any()  # it bites
    rows = found.quantiles[found.quantiles["target_id"] == CEILING]
    keys = ["entity_id", "period_kind", "target_period", "output_type_id"]
    sold = found.quantiles[found.quantiles["target_id"] == "vendor_revenue"]
    both = rows.merge(sold[sold["model_id"] == "recommended"], on=keys, suffixes=("", "_sold"))
    assert {"2027", "2028", "2029", "2030"} <= set(both["target_period"])
    assert (both["value_sold"] <= both["value"] * (1 + 1e-9)).all()


def test_beyond_eight_quarters_growth_goes_on_from_where_it_was(found: vendor_revenue.VendorForecast) -> None:
    medians = np.log(np.median(found.paths["capex-meta"], axis=1))
    growth = np.diff(medians)
    # No step at the join beyond what 400 paths let a median wobble.
    assert growth[7] == pytest.approx(growth[4:7].mean(), abs=0.04)


def test_tables_are_the_quantiles_of_the_paths(found: vendor_revenue.VendorForecast) -> None:
    wide = found.vendor_revenue.set_index(["entity_id", "period_kind", "target_period"])
    paths = found.paths["nvidia-data-center"]
    row = wide.loc[("nvidia-data-center", "quarter", "2026Q4")]
    assert row["p90"] == pytest.approx(np.quantile(paths[1], 0.9))
    assert row["mean"] == pytest.approx(paths[1].mean())
    year = wide.loc[("nvidia-data-center", "calendar_year", "2027")]
    assert year["p50"] == pytest.approx(np.median(paths[2:6].sum(axis=0)))
    ahead = wide.loc[("nvidia-data-center", "next_four_quarters", "2026Q3-2027Q2")]
    assert ahead["p10"] == pytest.approx(np.quantile(paths[:4].sum(axis=0), 0.1))
    # Ended on 26 September and unreported four days later.
    assert wide.loc[("amd-data-center", "quarter", "2026Q3"), "is_nowcast"]
    assert not wide.loc[("amd-data-center", "quarter", "2026Q4"), "is_nowcast"]
    assert not wide.duplicated().any()


def test_the_current_year_holds_what_is_reported(found: vendor_revenue.VendorForecast) -> None:
    rows = vendor_marts.vendor_quarters()
    mine = rows[(rows["vendor_id"] == "amd") & rows["calendar_quarter"].isin(["2026Q1", "2026Q2"])]["value_usd_m"].sum()
    wide = found.vendor_revenue.set_index(["entity_id", "period_kind", "target_period"])
    expected = np.median(mine + found.paths["amd-data-center"][:2].sum(axis=0))
    assert wide.loc[("amd-data-center", "calendar_year", "2026"), "p50"] == pytest.approx(expected)


def test_evidence_class_follows_history_horizon_and_backtest(found: vendor_revenue.VendorForecast) -> None:
    # Without a backtest nothing is tested.
    assert set(found.vendor_revenue["evidence_class"]) == {"anchored_prior"}


def test_what_is_large_and_uncertain_gives_way() -> None:
    sure, unsure = np.full((1, 2), 50.0), np.array([[180.0, 220.0]])
    cut = vendor_paths.share_out(np.stack([unsure, sure]), np.array([[200.0, 200.0]]))
    assert cut[:, 0] == pytest.approx(np.array([[150.0, 150.0], [50.0, 50.0]]))
    even = vendor_paths.share_out(np.stack([unsure, unsure / 2]), np.full((1, 2), 240.0))
    # Half the size is a quarter of the cut.
    gap = unsure * 1.5 - 240.0
    assert even[1] == pytest.approx(unsure / 2 - gap / 5)
    least = vendor_paths.share_out(np.stack([unsure, sure]), np.full((1, 2), 10.0))
    assert least.sum(axis=0) == pytest.approx(np.full((1, 2), 10.0))


def test_vendors_are_squeezed_when_capex_is_small() -> None:
    frames = vendor_marts.marts()
    frames["capex_quarters"] = frames["capex_quarters"].assign(capex_usd_m=frames["capex_quarters"]["capex_usd_m"] / 10)
    poor, rich = (
        np.median(
            vendor_revenue.forecast(**item, origin=ORIGIN, n_paths=200, backtest=None).paths[VENDOR_TOTAL], axis=1
        )
        for item in (frames, vendor_marts.marts())
    )
    # Later, what others state of capital expenditure in 2028 and 2030 pulls both to the same level.
    assert (poor[:10] < 0.7 * rich[:10]).all()


def test_simulated_errors_have_the_stated_margins_and_correlation() -> None:
    first, second = (unit_errors(name, 6, 20_000, 1, 0.3) for name in ("a", "b"))
    for level in (0.05, 0.5, 0.9):
        np.testing.assert_allclose(np.quantile(first, level, axis=1), UNIT_T.ppf(level), atol=2e-3)
    ranks = np.argsort(np.argsort(np.stack([*first, *second]), axis=1), axis=1)
    # Ranks of normals correlate a little less than the normals.
    np.testing.assert_allclose(np.corrcoef(ranks[:6]), horizon_correlation(6), atol=0.04)
    assert np.corrcoef(ranks)[2, 8] == pytest.approx(0.3, abs=0.04)
    np.testing.assert_allclose(unit_errors("a", 9, 20_000, 1, 0.3)[:6], first)


def test_long_table_has_every_model_and_no_key_twice(found: vendor_revenue.VendorForecast) -> None:
    key = ["model_id", "target_id", "entity_id", "period_kind", "target_period", "output_type", "output_type_id"]
    assert not found.quantiles.duplicated(key).any()
    assert list(found.quantiles.columns) == vendor_revenue.LONG
    assert found.quantiles["value"].notna().all()
    assert {"naive", "log_drift", "unbounded", "recommended"} <= set(found.quantiles["model_id"])
    one = found.quantiles.query("model_id == 'log_drift' and entity_id == 'intel-dcai' and horizon == 4")
    assert one["value"].is_monotonic_increasing and len(one) == 23
    ends = pd.PeriodIndex(found.quantiles.query("period_kind == 'quarter'")["target_period"], freq="Q").end_time
    assert (found.quantiles.query("period_kind == 'quarter'")["target_end_date"] == ends.normalize()).all()
    # AMD's quarter ends on the last Saturday.
    wide = found.vendor_revenue.set_index(["entity_id", "period_kind", "target_period"])
    assert wide.loc[("amd-data-center", "quarter", "2026Q3"), "fiscal_period_end"] == pd.Timestamp("2026-09-26")


def test_fiscal_years_and_growth_come_from_the_same_paths(found: vendor_revenue.VendorForecast) -> None:
    wide = found.vendor_revenue.set_index(["entity_id", "period_kind", "target_period"])
    years = wide[wide.index.get_level_values("period_kind") == "fiscal_year"]
    # The made-up issuers report by calendar quarters and call their years like the calendar's.
    assert years.empty
    growth = found.quantiles.query("target_id == 'vendor_revenue_growth' and entity_id == 'nvidia-data-center'")
    paths = found.paths["nvidia-data-center"]
    expected = 100 * (paths[6:10].sum(axis=0) / paths[2:6].sum(axis=0) - 1)
    row = growth.query("target_period == '2028' and output_type_id == 0.9")
    assert row["unit"].item() == "percent" and row["value"].item() == pytest.approx(np.quantile(expected, 0.9))


def test_a_fiscal_year_named_otherwise_is_summed_by_its_own_quarters() -> None:
    marts = vendor_marts.marts()
    rows = marts["vendor_quarters"]
    broadcom = rows["vendor_id"] == "broadcom"
    # 2026Q2 is FY2026Q3, as at Broadcom.
    later = [str(pd.Period(label) + 1) for label in rows.loc[broadcom, "calendar_quarter"]]
    rows.loc[broadcom, "fiscal_period"] = [f"FY{label}" for label in later]
    found = vendor_revenue.forecast(**marts, origin=ORIGIN, n_paths=40, backtest=None)
    wide = found.vendor_revenue.set_index(["entity_id", "period_kind", "target_period"])
    paths = found.paths["broadcom-ai"]
    reported = rows.loc[broadcom & rows["calendar_quarter"].isin(["2025Q4", "2026Q1", "2026Q2"]), "value_usd_m"].sum()
    assert wide.loc[("broadcom-ai", "fiscal_year", "FY2026"), "p50"] == pytest.approx(np.median(reported + paths[0]))
    expected = np.median(paths[1:5].sum(axis=0))
    assert wide.loc[("broadcom-ai", "fiscal_year", "FY2027"), "p50"] == pytest.approx(expected)


def test_series_without_a_spending_constraint_end_at_eight_quarters(found: vendor_revenue.VendorForecast) -> None:
    last = found.vendor_revenue.query("period_kind == 'quarter'").groupby("entity_id")["horizon"].max()
    ended = ["marvell-data-center", "tsmc-hpc"]
    assert (last[ended] == 8).all()
    assert last.drop(ended).min() > 8


def test_a_bridged_quarter_is_no_reported_one():
    """A sum of reported quarters is none where nobody reported one of them; a total lacks what its parts lack."""
    quarters = {8000: 1.0, 8001: 1.5, 8002: 2.0}
    line = Line("x", 8003, np.ones((1, 1)), quarters, 3, bridged=frozenset({8001}))
    assert line.reported([8002]) == 2.0
    assert line.reported([8001]) is line.reported([8000, 8001]) is line.reported([8003]) is None
    whole = Line("x", 8003, np.ones((1, 1)), quarters, 3)
    assert whole.reported(quarters) == 4.5
