"""Why a forecast moved: only by what became known between the two origins."""

from __future__ import annotations

from datetime import date

import compute_marts
import pandas as pd
import pytest
import vendor_marts

from forecasts import changes, panel, vendor_revenue

ORIGIN = date(2026, 9, 30)


@pytest.fixture(autouse=True)
def quick_models(monkeypatch: pytest.MonkeyPatch) -> None:
    vendor_marts.drift_for_fits(monkeypatch)


def moved(marts: dict[str, pd.DataFrame], before: date) -> pd.DataFrame:
    earlier, now = (
        vendor_revenue.forecast(**marts, origin=day, n_paths=40, backtest=None).vendor_revenue
        for day in (before, ORIGIN)
    )
    return changes.vendor_changes(now, earlier, panel.build(**marts, as_of=ORIGIN))


def reasons(found: pd.DataFrame) -> dict[str, str]:
    assert found.groupby("entity_id")["attributed_to"].nunique().eq(1).all()
    return found.groupby("entity_id")["attributed_to"].first().to_dict()


def late(rows: pd.DataFrame, name: str, value: str, day: str) -> pd.DataFrame:
    """`rows` where the newest quarter of one company was reported on `day`."""
    newest = (rows[name] == value) & (rows["calendar_quarter"] == "2026Q2")
    assert newest.any()
    return rows.assign(reported_on=rows["reported_on"].mask(newest, pd.Timestamp(day)))


def test_a_report_moves_its_own_series_and_the_totals_that_hold_it() -> None:
    marts = vendor_marts.marts()
    marts["capex_quarters"] = late(marts["capex_quarters"], "company_id", "oracle", "2026-09-11")
    found = moved(marts, date(2026, 9, 1))
    assert {key for key, word in reasons(found).items() if word == "new_truth"} == {"capex-oracle", "capex-five-firms"}
    assert set(found.loc[found["entity_id"] == "capex-oracle", "new_facts"]) == {"capex-oracle FY2026Q2"}
    assert (found["target_id"] == "capex").sum() == found["entity_id"].str.startswith("capex-").sum() > 0


def test_a_vendor_in_the_total_and_its_company() -> None:
    marts = vendor_marts.marts()
    marts["vendor_quarters"] = late(marts["vendor_quarters"], "vendor_id", "amd", "2026-09-11")
    found = reasons(moved(marts, changes.previous_origin(marts["vendor_quarters"], ORIGIN)))
    assert {key for key, word in found.items() if word == "new_truth"} == {
        "amd-data-center",
        "merchant_dc_silicon_total",
    }
    assert found["nvidia-data-center"] == "truth_of_others"


def test_guidance_alone_is_called_guidance() -> None:
    marts = vendor_marts.marts()
    issued = marts["guidance"]["issued_on"]
    marts["guidance"]["issued_on"] = issued.mask(issued == issued.max(), pd.Timestamp("2026-09-11"))
    found = reasons(moved(marts, date(2026, 9, 1)))
    assert found["nvidia-data-center"] == found["nvidia-total"] == "new_guidance"
    assert "new_truth" not in found.values()


def test_without_news_nothing_moves() -> None:
    found = moved(vendor_marts.marts(), date(2026, 9, 1))
    assert set(found["attributed_to"]) == {"truth_of_others"} and found["new_facts"].isna().all()
    assert found["change_pct"].abs().max() < 1e-9


def test_supply_and_demand_name_the_tables_that_gained_rows() -> None:
    marts, origin = compute_marts.marts(), date(2026, 11, 24)
    now = compute_marts.base_quantiles(marts, origin, n_paths=40)
    before = changes.previous_origin(marts["vendor_quarters"], origin)
    found = changes.compute_changes(now, compute_marts.base_quantiles(marts, before, n_paths=40), marts, origin)
    assert {"operational_h100e_16bit", "inference_share_chip_hours", "facility_power"} <= set(found["target_id"])
    assert found["new_facts"].str.contains("vendor_quarters +", regex=False).all()
    assert found["attributed_to"].isin(["new_truth", "new_estimates"]).all()
    assert found["change_pct"].abs().max() > 0
    same = changes.compute_changes(now, now, marts, origin)
    assert same["change_pct"].abs().max() == 0 and same["new_facts"].isna().all()
