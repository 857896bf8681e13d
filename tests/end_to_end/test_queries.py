"""The questions of docs/queries.md answered by the release, with answers an analyst would accept; and twenty questions as
somebody asks them who has read names and comments alone: the first query that comes to mind is right."""

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
    assert len(rows) == 9 and ordered(rows, "p10", "p50", "p90")
    median = rows.set_index("bucket")["p50"]
    assert median.sum() == pytest.approx(1, abs=0.15)
    assert 0.35 < median["unexplained"] < 0.55 and median.drop("unexplained").between(0.01, 0.2).all()


def share(rows: pd.DataFrame) -> None:
    assert ordered(rows, "p10", "p50", "p90") and rows["p50"].between(0, 1).all()
    median = rows.set_index(["year", "accounting"])["p50"]
    assert 0.45 <= median["2025", "chip_hours"] <= 0.61  # the six anchors lie around a half
    assert (median[:, "executed_flop"] < median[:, "chip_hours"]).all()
    assert set(rows["evidence_class"]) == {"anchored_prior"}


def revisions(rows: pd.DataFrame) -> None:
    assert (rows["first_usd_m"] != rows["later_usd_m"]).all()
    assert (rows["first_reported_on"] < rows["later_reported_on"]).all()
    alphabet = rows[(rows["company_id"] == "alphabet") & (rows["fiscal_period"] == "FY2016Q1")]
    assert alphabet[["first_usd_m", "later_usd_m"]].to_numpy().tolist() == [[2428, 2444]]
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


def results(rows: pd.DataFrame) -> None:
    assert len(rows) == 12 and rows["fiscal_period"].is_unique
    assert rows["data_center_pct"].between(70, 99).all() and rows["revenue_usd_m"].is_monotonic_decreasing


def shipped(rows: pd.DataFrame) -> None:
    nvidia = rows.set_index("designer_id").loc["nvidia"]
    assert nvidia["quarters"] == 4 and 3_000 < nvidia["units_thousand"] < 8_000
    assert rows["designer_id"].is_unique and (rows["h100e_8bit_thousand"] > 0).all()


def bought(rows: pd.DataFrame) -> None:
    assert rows["owner_id"].is_unique and rows["share_of_h100e_pct"].sum() == pytest.approx(100, abs=0.5)
    assert {"microsoft", "meta", "other"} <= set(rows["owner_id"])


def clusters(rows: pd.DataFrame) -> None:
    assert len(rows) == 10 and (rows["certainty"] != "Unlikely").all()
    assert (rows["first_operational_on"].dropna() <= pd.Timestamp("2026-11-23")).all()
    assert rows["h100e_thousand"].between(40, 1_500).all()


def additions(rows: pd.DataFrame) -> None:
    assert rows["year"].tolist() == [str(year) for year in range(2024, 2031)]
    assert rows["share_of_what_runs"].between(0.4, 0.8).all() and ordered(rows, "added_p10", "added_p90")


def users(rows: pd.DataFrame) -> None:
    assert rows["observed_on"].is_unique and rows["active_users_m"].is_monotonic_increasing
    assert rows["active_users_m"].iloc[-1] >= 1_000


def latest_tokens(rows: pd.DataFrame) -> None:
    assert {"bytedance", "alphabet", "openrouter"} <= set(rows["organisation_id"]) and "china" not in set(
        rows["organisation_id"]
    )
    assert rows["trillion_tokens_per_day"].between(1, 300).all()


def skill(rows: pd.DataFrame) -> None:
    assert rows["quarters_ahead"].is_unique and rows["error_below_naive_pct"].iloc[0] > 20


def rents(rows: pd.DataFrame) -> None:
    index = rows[rows["rent_basis"] == "rental_index"].set_index(["chip_id", "target_period"])
    assert len(index) == 8 and ordered(rows, "p10_usd", "p50_usd", "p90_usd")
    assert index["p50_usd"].to_numpy() == pytest.approx(index["now_usd"].to_numpy(), rel=0.01)
    assert (index.loc["nvidia-h100-sxm", "committed_usd"] < index.loc["nvidia-h100-sxm", "p10_usd"]).all()
    assert set(rows["evidence_class"]) == {"anchored_prior"}


def lives(rows: pd.DataFrame) -> None:
    assert ordered(rows, "p10", "p50", "p90") and rows["p90"].le(15).all()
    h100 = rows[(rows["chip_id"] == "nvidia-h100-sxm") & (rows["metric"] == "pay_back")]
    assert len(h100) == 3 and h100["p50"].between(2, 8).all()
    assert set(rows["answered_on"].astype(str)) >= {"2024-12-31"}


def books(rows: pd.DataFrame) -> None:
    assert set(rows["issuer_id"]) == {"alphabet", "amazon", "coreweave", "meta", "microsoft", "oracle"}
    assert ordered(rows, "p10", "p50", "p90") and rows["book_life_years"].between(5, 6).all()
    assert (rows["p50"] > 0.3 * rows["filed_usd_m"]).all()
    coreweave = rows[rows["issuer_id"] == "coreweave"]
    assert coreweave["filed_usd_m"].to_numpy() == pytest.approx(1998.876)


def eves(rows: pd.DataFrame) -> None:
    assert len(rows) >= 8 and ordered(rows, "consensus_low", "consensus", "consensus_high")
    surprise = rows.set_index("fiscal_period")["surprise_pct"]
    assert surprise["FY2026Q3"] == pytest.approx(3.8, abs=0.2) and surprise.notna().all()


def closer(rows: pd.DataFrame) -> None:
    pooled = rows[rows["entity_id"] == "pooled"].set_index("model_id")
    assert pooled["n"]["consensus"] == pooled["n"]["median_beat"] >= 39
    assert pooled["mean_abs_log_error"]["median_beat"] == pytest.approx(0.029, abs=0.002)
    assert pooled["mean_abs_log_error"]["median_beat"] < pooled["mean_abs_log_error"]["consensus"]
    assert (rows.loc[rows["model_id"] == "consensus", "error_saved"].isna()).all()


def last_words(rows: pd.DataFrame) -> None:
    assert (rows["recorded_on"] < rows["outcome_reported_on"]).all()


def held_out(rows: pd.DataFrame) -> None:
    found = rows.set_index("statements")
    assert found["n"]["all"] == found["n"]["newest"] + found["n"]["earlier"] >= 13
    assert found["n"]["newest"] == found["organisations"]["all"] == 4
    assert (found["inside_80"]["newest"], found["inside_80"]["all"]) == (4, 11), "section 5 of the methodology says so"
    assert found["coverage"].between(0.3, 1).all() and found["median_miss"].between(0.05, 0.6).all()


def adds_up(rows: pd.DataFrame) -> None:
    assert len(rows) >= 35 and (rows["status"] == "pass").all(), rows.to_string()


def book_lives(rows: pd.DataFrame) -> None:
    assert {"alphabet", "amazon", "meta", "microsoft", "oracle"} <= set(rows["issuer_id"])
    assert rows["life_years_high"].between(3, 7).all() and (rows["life_years_high"] != rows["former_life_years"]).all()
    amazon = rows[(rows["issuer_id"] == "amazon") & (rows["asset_class"] == "servers")]
    assert amazon["former_life_years"].tolist()[1:] == amazon["life_years_high"].tolist()[:-1]


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
    results,
    shipped,
    bought,
    clusters,
    additions,
    users,
    latest_tokens,
    skill,
    rents,
    lives,
    books,
    eves,
    closer,
    last_words,
    adds_up,
    held_out,
    book_lives,
]


def test_every_question_has_one_query() -> None:
    assert list(QUERIES) == list(range(1, len(CHECKS) + 1))
    assert [len(queries) for queries in QUERIES.values()] == [1] * len(CHECKS)


@pytest.mark.parametrize("number", QUERIES, ids=[check.__name__ for check in CHECKS])
def test_the_answer_is_sane(release: duckdb.DuckDBPyConnection, number: int) -> None:
    rows = release.execute(QUERIES[number][0]).df()
    # the log has no scored entry before a report follows a release
    assert len(rows) > 0 or CHECKS[number - 1] is last_words
    CHECKS[number - 1](rows)


NVIDIA = "from market.vendor_quarters where vendor_id = 'nvidia' and metric = 'revenue'"
H100 = "chip_id = 'nvidia-h100-sxm'"
SHARE = "from forecast.inference_share where scenario_id = 'base' and accounting = 'chip_hours' and target_period ="

# Question -> the first query that comes to mind, and its right answer.
FIRST_QUERIES: dict[str, tuple[str, list[tuple] | Callable[[list[tuple]], bool]]] = {
    "NVIDIA's revenue by quarter": (
        f"select fiscal_period, value_usd_m {NVIDIA} order by period_end desc limit 2",
        [("FY2027Q2", 96221.0), ("FY2027Q1", 81615.0)],
    ),
    "NVIDIA's revenue in 2025": (f"select sum(value_usd_m) {NVIDIA} and calendar_quarter like '2025%'", [(215938.0,)]),
    "Amazon's capital expenditure in 2025": (
        "select sum(capex_usd_m) from market.capex_quarters where company_id = 'amazon' and calendar_quarter like '2025%'",
        [(131819.0,)],
    ),
    "the price of gpt-5": (
        "select distinct input_usd_per_mtok, output_usd_per_mtok from market.token_prices "
        "where model_id = 'gpt-5' and provider_id = 'openai'",
        [(1.25, 10.0)],
    ),
    "the cheapest model": (
        "select model_id, output_usd_per_mtok from market.token_prices order by output_usd_per_mtok limit 5",
        lambda rows: all("flux" not in model and price >= 0.01 for model, price in rows),
    ),
    "an H100": (
        f"select flops_16bit_per_s / 1e12, memory_gb, tdp_w from market.chips where {H100}",
        [(989.4, 80.0, 700.0)],
    ),
    "the chip with most memory of those sold in 2024": (
        "select memory_gb from market.chips where year(release_date) = 2024 order by memory_gb desc nulls last limit 1",
        [(256.0,)],
    ),
    "an H100 at AWS": (
        f"select usd_per_chip_hour from market.rental_prices where {H100} and provider_id = 'aws' "
        "order by priced_on desc limit 1",
        [(6.88,)],
    ),
    "an H100 on average in 2026": (
        f"select round(avg(usd_per_chip_hour), 2) from market.rental_prices where {H100} and year(priced_on) = 2026",
        lambda rows: 6 < rows[0][0] < 12,
    ),
    "NVIDIA's shipments in 2025": (
        "select sum(units_p50) / 1e6 from market.chip_shipments "
        "where designer_id = 'nvidia' and calendar_quarter like '2025%'",
        lambda rows: 3 < rows[0][0] < 8,
    ),
    "who bought most of NVIDIA's chips in 2025": (
        "select owner_id, sum(units_p50) from market.chip_owners where designer_id = 'nvidia' "
        "and calendar_quarter like '2025%' and owner_id <> 'other' group by 1 order by 2 desc limit 1",
        lambda rows: rows[0][0] == "microsoft",
    ),
    "the largest cluster": (
        "select first_operational_on <= date '2026-11-23', certainty <> 'Unlikely' from market.gpu_clusters "
        "order by h100e desc nulls last limit 1",
        [(True, True)],
    ),
    "inference's share in 2026": (f"select count(*), min(p50) > 0.5 {SHARE} '2026'", [(1, True)]),
    "the market for accelerators in 2026": (
        "select round(p50 / 1e3) from forecast.chip_market where scenario_id = 'base' and target_period = '2026' "
        "and target_id = 'ai_accelerator_revenue' and entity_id = 'all-merchants'",
        lambda rows: len(rows) == 1 and 300 < rows[0][0] < 500,
    ),
    "AMD's next quarter": (
        "select count(*), min(period_kind) from forecast.vendor_revenue where entity_id = 'amd-data-center' and horizon = 1",
        [(1, "quarter")],
    ),
    "ChatGPT's users": (
        "select max(active_users_m) from market.user_counts where product = 'ChatGPT' and active_per = 'weekly'",
        [(1000.0,)],
    ),
    "who handles most tokens": (
        "select organisation_id from market.token_usage order by tokens_per_day desc limit 1",
        [("bytedance",)],
    ),
    "skill one quarter ahead": (
        "select count(*) from forecast.scores where model_id = 'recommended' and entity_id = 'pooled' and horizon = 1 "
        "and metric = 'log_wis' and baseline_id = 'naive' and panel = 'spliced' and target_window = 'all'",
        [(1,)],
    ),
    "a B200": (
        "select median(price_usd_p50) from market.chip_prices where chip_id = 'nvidia-b200'",
        lambda rows: 25_000 < rows[0][0] < 60_000,
    ),
    "what OpenAI spent on inference and research in 2024": (
        "select component, spend_usd_m from market.compute_spend where organisation_id = 'openai' "
        "and year(period_start) = 2024 and period_kind = 'year' order by all",
        [("inference", 1800.0), ("research_and_training", 4000.0)],
    ),
}


def test_there_are_twenty_first_queries() -> None:
    assert len(FIRST_QUERIES) == 20


@pytest.mark.parametrize("question", FIRST_QUERIES)
def test_the_first_query_is_right(release: duckdb.DuckDBPyConnection, question: str) -> None:
    sql, expected = FIRST_QUERIES[question]
    rows = release.execute(sql).fetchall()
    assert expected(rows) if callable(expected) else rows == expected, rows
