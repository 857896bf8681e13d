"""The thirteen questions of docs/queries.md answered by the release, with answers an analyst would accept."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

import duckdb
import pandas as pd
import pytest
from sandbox import ROOT

PAGE = (ROOT / "docs" / "queries.md").read_text()
SECTIONS = re.findall(r"^## (\d+)\. (.*?)\n(.*?)(?=^## |\Z)", PAGE, re.DOTALL | re.MULTILINE)
QUERIES = {int(number): re.findall(r"```sql\n(.*?)```", body, re.DOTALL) for number, _, body in SECTIONS}


def ordered(rows: pd.DataFrame, *columns: str) -> bool:
    return all((rows[low] <= rows[high]).all() for low, high in pairwise(columns))


def rental(rows: pd.DataFrame) -> None:
    assert {"aws", "azure", "google-cloud", "oracle-cloud"} <= set(rows["cloud"])
    assert rows[["first_usd", "last_usd"]].stack().between(0.5, 20).all()
    assert ordered(rows, "first_priced_on", "last_priced_on")
    one_day = rows["first_priced_on"] == rows["last_priced_on"]
    assert (rows["change_pct"].isna() == one_day).all() and one_day.any() and not one_day.all()


def frontier(rows: pd.DataFrame) -> None:
    assert rows["year"].is_monotonic_increasing and rows["year"].is_unique
    assert ordered(rows, "cheapest_usd_per_h100e_hour", "median_usd_per_h100e_hour")
    median = rows.set_index("year")["median_usd_per_h100e_hour"]
    assert median[2017] > 3 * median[2021] > 3 * 1.5 * median[2024]


def nvidia(rows: pd.DataFrame) -> None:
    assert len(rows) == 4 and ordered(rows, "p10_usd_m", "p50_usd_m", "p90_usd_m")
    assert (rows["evidence_class"] == "tested").all()
    assert rows["guidance_usd_m"].notna().tolist() == [True, False, False, False]
    assert rows["above_guidance_pct"][0] == pytest.approx(0, abs=15)
    width = rows["p90_usd_m"] / rows["p10_usd_m"]
    assert width.is_monotonic_increasing


def tokens(rows: pd.DataFrame) -> None:
    assert len(rows) == 8 and ordered(rows, "p10", "p50", "p90")
    median = rows.set_index(["year", "bucket"])["p50"]
    assert 0.03 < median["2025", "llm_inference"] < 0.4
    assert median["2025", "unexplained"] > median["2025", "llm_inference"]


def share(rows: pd.DataFrame) -> None:
    assert ordered(rows, "p10", "p50", "p90") and rows["p50"].between(0, 1).all()
    median = rows.set_index(["year", "accounting"])["p50"]
    assert 0.45 <= median["2025", "chip_hours"] <= 0.61  # the six anchors lie around a half
    assert (median[:, "executed_flop"] < median[:, "chip_hours"]).all()
    assert set(rows["evidence_class"]) == {"anchored_prior"}


def revisions(rows: pd.DataFrame) -> None:
    assert (rows["first_usd_m"] != rows["later_usd_m"]).all()
    assert (rows["first_reported_on"] < rows["later_reported_on"]).all()
    alphabet = rows[(rows["company_id"] == "alphabet") & (rows["fiscal_period"] == "FY2014Q4")]
    assert alphabet[["first_usd_m", "later_usd_m"]].to_numpy().tolist() == [[3551, 3606]]
    assert rows["change_pct"].abs().between(0.005, 20).all()


def token_prices(rows: pd.DataFrame) -> None:
    assert set(rows["method"]) == {"matched_models", "median_of_list"}
    assert rows["per_year_pct"].dropna().between(-95, 0).all() and rows["per_year_pct"].notna().sum() >= 6
    assert rows.loc[rows["method"] == "median_of_list", "usd_per_mtok"].between(0.1, 20).all()


def spending(rows: pd.DataFrame) -> None:
    assert rows["calendar_quarter"].is_unique and len(rows) >= 12
    assert rows["ratio"].between(0.2, 0.9).all()
    assert rows["capex_usd_m"].iloc[-1] > 3 * rows["capex_usd_m"].iloc[0]


def designers(rows: pd.DataFrame) -> None:
    assert set(rows["designer_id"]) == {"nvidia", "alphabet", "amazon", "amd"}  # none of them silently missing
    assert rows["share"].sum() == pytest.approx(1, abs=0.01) and rows["designer_id"].iloc[0] == "nvidia"
    assert ordered(rows, "p05", "p50", "p95") and 13e6 <= rows["p50"].sum() <= 20e6


def training(rows: pd.DataFrame) -> None:
    assert rows["year"].tolist() == list(range(2018, rows["year"].max() + 1))
    assert rows["largest_so_far_flop"].is_monotonic_increasing
    assert rows["times_per_year"].dropna().iloc[-3:].between(3, 7).all()


def claims(rows: pd.DataFrame) -> None:
    assert rows["judged_as_of"].nunique() == 2
    assert (rows.groupby("judged_as_of")["claims"].sum() == 74).all()
    assert rows.loc[rows["verdict"] == "untestable", "claims"].max() <= 29  # of the 74, so many may lack data
    assert ordered(rows, "computed", "claims")


def calibration(rows: pd.DataFrame) -> None:
    assert rows["quarters_ahead"].tolist() == list(range(1, 9))
    assert rows["empirical"].between(0.5, 1).all()
    assert (rows["holds"] == rows["empirical"].between(rows["band_low"], rows["band_high"])).all()


def serving(rows: pd.DataFrame) -> None:
    priced = rows[rows["price_basis"] != "none"]
    assert {"contract", "depreciation_and_electricity", "on_demand_list", "quoted_tco", "rental_index"} <= set(
        priced["price_basis"]
    )
    assert ordered(priced, "p10", "p50", "p90") and priced["chance"].dropna().between(0.5, 1).all()
    neocloud = priced[priced["price_variant"] == "neocloud"].set_index("cost_rank")
    assert neocloud["chip_id"].tolist() == ["nvidia-gb300", "nvidia-b200"]
    assert neocloud["p50"][1] == pytest.approx(0.5, abs=0.1)


CHECKS: list[Callable[[pd.DataFrame], None]] = [
    rental,
    frontier,
    nvidia,
    tokens,
    share,
    revisions,
    token_prices,
    spending,
    designers,
    training,
    claims,
    calibration,
    serving,
]


def test_there_are_thirteen_questions_with_one_query_each() -> None:
    assert list(QUERIES) == list(range(1, 14))
    assert [len(queries) for queries in QUERIES.values()] == [1] * 13


@pytest.mark.parametrize("number", QUERIES, ids=[check.__name__ for check in CHECKS])
def test_the_answer_is_sane(release: duckdb.DuckDBPyConnection, number: int) -> None:
    rows = release.execute(QUERIES[number][0]).df()
    assert len(rows) > 0
    CHECKS[number - 1](rows)
