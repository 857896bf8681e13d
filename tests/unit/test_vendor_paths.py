"""Paths: they add up, stay within what capex can pay for, and are what the tables say."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
import vendor_marts

from forecasts import vendor_ceiling, vendor_revenue
from forecasts.intervals import UNIT_T, errors_from, horizon_correlation, normals
from forecasts.panel import quarter_ordinal
from forecasts.vendor_paths import CAPEX_PARTS, CAPEX_TOTAL, VENDOR_PARTS, VENDOR_TOTAL

ORIGIN = date(2026, 9, 30)


@pytest.fixture(scope="module")
def found() -> vendor_revenue.VendorForecast:
    return vendor_revenue.forecast(**vendor_marts.marts(), origin=ORIGIN, n_paths=400, backtest=None)


def test_vendors_add_to_the_total_on_every_path(found: vendor_revenue.VendorForecast) -> None:
    for total, parts in ((VENDOR_TOTAL, VENDOR_PARTS), (CAPEX_TOTAL, CAPEX_PARTS)):
        added = np.sum([found.paths[key] for key in parts], axis=0)
        np.testing.assert_allclose(found.paths[total], added, rtol=1e-12)


def test_a_company_is_never_smaller_than_its_segment(found: vendor_revenue.VendorForecast) -> None:
    assert (found.paths["nvidia-total"] >= found.paths["nvidia-data-center"] - 1e-9).all()


def test_the_total_keeps_below_the_spending_ceiling(found: vendor_revenue.VendorForecast) -> None:
    rows = found.quantiles[found.quantiles["target_id"] == "prob_above_spending_ceiling"]
    assert len(rows) == 18
    assert (rows[rows["horizon"] >= 8]["value"] < 0.05).all()
    bound = found.quantiles[found.quantiles["target_id"] == "vendor_spending_ceiling"]
    medians = bound[bound["output_type_id"] == 0.5].set_index("horizon")["value"]
    total = np.median(found.paths[VENDOR_TOTAL], axis=1)
    assert (total[7:] <= medians.loc[8:].to_numpy() + 1e-6).all()


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


def test_growth_is_cut_before_what_is_already_sold() -> None:
    parts = np.array([[[200.0]], [[50.0]]])
    cut = vendor_ceiling.share_out(parts, np.array([100.0, 50.0]), np.array([[180.0]]))
    assert cut[:, 0, 0] == pytest.approx([130.0, 50.0])
    below = vendor_ceiling.share_out(parts, np.array([100.0, 50.0]), np.array([[75.0]]))
    assert below[:, 0, 0] == pytest.approx([50.0, 25.0])


def test_the_bound_acts_from_the_third_quarter_and_fully_from_the_fifth() -> None:
    total, bound = np.full((8, 1), 200.0), np.full((8, 1), 100.0)
    held = vendor_ceiling.target(total, bound)[:, 0]
    assert held[:2] == pytest.approx([200.0, 200.0])
    assert (np.diff(held[1:5]) < 0).all()
    assert held[4:] == pytest.approx([100.0] * 4)


def test_the_spend_prior_is_that_of_the_note() -> None:
    middle_of_2028 = np.array([quarter_ordinal("2028Q2"), quarter_ordinal("2028Q3")])
    spend = vendor_ceiling.spend(middle_of_2028, np.array([0.0])) * 4 / 1000
    assert spend[:, 0] == pytest.approx([941, 941], rel=0.05)


def test_vendors_are_squeezed_when_capex_is_small() -> None:
    frames = vendor_marts.marts()
    frames["capex_quarters"] = frames["capex_quarters"].assign(capex_usd_m=frames["capex_quarters"]["capex_usd_m"] / 10)
    poor, rich = (
        np.median(
            vendor_revenue.forecast(**item, origin=ORIGIN, n_paths=200, backtest=None).paths[VENDOR_TOTAL], axis=1
        )
        for item in (frames, vendor_marts.marts())
    )
    assert poor[:2] == pytest.approx(rich[:2])
    assert (poor[8:] < 0.7 * rich[8:]).all()


def test_simulated_errors_have_the_stated_margins_and_correlation() -> None:
    scores = normals(3, 6, 20_000, 0.3, np.random.default_rng(0))
    draws = errors_from(scores, np.full((3, 6), 0.2))
    assert np.quantile(draws[0, 3], 0.9) == pytest.approx(0.2 * UNIT_T.ppf(0.9), rel=0.05)
    in_time = np.corrcoef(scores[0])
    np.testing.assert_allclose(in_time, horizon_correlation(6), atol=0.03)
    assert np.corrcoef(scores[0, 2], scores[1, 2])[0, 1] == pytest.approx(0.3, abs=0.03)


def test_long_table_has_every_model_and_no_key_twice(found: vendor_revenue.VendorForecast) -> None:
    key = ["model_id", "target_id", "entity_id", "period_kind", "target_period", "output_type", "output_type_id"]
    assert not found.quantiles.duplicated(key).any()
    assert list(found.quantiles.columns) == vendor_revenue.LONG
    assert found.quantiles["value"].notna().all()
    assert {"naive", "log_drift", "guidance", "recommended"} <= set(found.quantiles["model_id"])
    one = found.quantiles.query("model_id == 'log_drift' and entity_id == 'intel-dcai' and horizon == 4")
    assert one["value"].is_monotonic_increasing and len(one) == 23
    assert isinstance(found.quantiles["target_end_date"].iloc[0], pd.Timestamp)


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
    assert last["marvell-data-center"] == 8
    assert last.drop("marvell-data-center").min() > 8
