"""Units across sources: guidance and results speak of the same money (CLARIFICATIONS 8)."""

from __future__ import annotations

import pandas as pd
import pytest

from pipeline.settings import PROJECT

AI = "AI semiconductor revenue"


def facts(source_id: str) -> pd.DataFrame:
    return pd.read_csv(PROJECT / "data" / f"{source_id}.csv")


def actual(company: str, metric: str) -> pd.Series:
    """Reported USD million by fiscal period."""
    if company == "NVIDIA":
        rows = facts("prototype_vendor_series").query("vendor == 'NVIDIA' and series == 'total_revenue'")
        return rows.set_index("fiscal_period")["value_usd_m"]
    rows = facts("curated_segment_results").query(
        "company == @company and unit == 'USD million' and metric == 'revenue'"
    )
    segment = rows["segment"].str.startswith("AI revenue" if metric == AI else "Total company")
    return rows[segment].set_index("fiscal_period")["value"]


@pytest.mark.parametrize(
    ("company", "metric", "pairs"), [("NVIDIA", "revenue", 14), ("Broadcom", AI, 2)], ids=["NVIDIA", "Broadcom"]
)
def test_guidance_in_billion_times_1000_is_within_30_percent_of_the_result_in_million(company, metric, pairs):
    guides = facts("curated_guidance").query("company == @company and metric == @metric and unit == 'USD billion'")
    both = guides.assign(actual=guides["target_period"].map(actual(company, metric))).dropna(subset=["actual", "mid"])
    assert len(both) >= pairs
    assert ((both["mid"] * 1000 / both["actual"]).sub(1).abs() < 0.3).all(), both[["target_period", "mid", "actual"]]


@pytest.mark.parametrize(
    ("company", "metric", "pairs"), [("NVIDIA", "revenue", 40), ("Broadcom", AI, 6)], ids=["NVIDIA", "Broadcom"]
)
def test_older_guidance_in_million_is_within_30_percent_of_the_result(company, metric, pairs):
    guides = facts("prototype_guidance").query("company == @company and metric == @metric")
    both = guides.assign(actual=guides["target_period"].map(actual(company, metric))).dropna(subset=["actual"])
    assert len(both) >= pairs
    assert ((both["mid_usd_m"] / both["actual"]).sub(1).abs() < 0.3).all(), both


def test_both_guidance_sources_agree_where_both_have_the_period():
    key = ["company", "metric", "target_period"]
    both = facts("curated_guidance").merge(facts("prototype_guidance"), on=key)
    assert len(both) >= 10
    assert ((both["mid"] * 1000 / both["mid_usd_m"]).sub(1).abs() < 0.01).all()
