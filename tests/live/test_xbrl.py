"""Quarters out of XBRL: the model's SQL on the real facts and on made-up filings, and the live parser against both."""

from __future__ import annotations

import re
from datetime import date

import duckdb
import pandas as pd
import pytest
from cases import companyfacts, submissions

from pipeline.settings import PROJECT
from pipeline.sources import contract
from pipeline.sources.base import Upstream
from pipeline.sources.earnings import edgar_filings, xbrl_facts

MODEL = (PROJECT / "dbt" / "models" / "intermediate" / "int_xbrl_quarters.sql").read_text()
GATHERED = PROJECT.parent / "shared" / "data" / "sec_edgar_companyconcept" / "hyperscaler_capex_quarterly.csv"
CIK = {"alphabet": "1652044", "amazon": "1018724", "meta": "1326801", "microsoft": "789019", "oracle": "1341439"}


def quarters(facts: pd.DataFrame) -> pd.DataFrame:
    """Quarters of capital expenditure by the model `int_xbrl_quarters` over facts in the columns of `stg_xbrl_facts`."""
    sql = re.sub(r"\{\{ ref\('stg_xbrl_facts'\) \}\}", "facts", MODEL)
    sql = re.sub(r"\{\{ days_between\('([\w.]+)', '([\w.]+)'\) \}\}", r"(\2 - \1)", sql)
    sql = re.sub(r"\{\{ both_rows\('(\w+)', '(\w+)'\) \}\}", r"\1.source_row || chr(10) || \2.source_row", sql)
    with duckdb.connect() as connection:
        connection.register(
            "facts", facts.assign(source_row=facts.index.astype(str), source_url="https://www.sec.gov/")
        )
        found = connection.execute(sql).df()
    found = found[found["metric"] == "capex_cash"].rename(columns={"value_usd_m": "capex_usd_m"})
    return found.assign(period_end=pd.to_datetime(found["period_end"]).dt.strftime("%Y-%m-%d"))


def staged(facts: pd.DataFrame) -> pd.DataFrame:
    """Raw facts under the names and types of the staging model."""
    days = {name: pd.to_datetime(facts[name]).dt.date for name in ("period_start", "period_end", "filed_on")}
    companies = {cik: company for company, cik in CIK.items()}
    return facts.assign(
        **days,
        company_id=facts["cik"].map(companies),
        value=facts["value"].astype(float),
        retrieved_at=date(2026, 11, 23),
    ).astype({"company_id": "object", "unit": "object", "tag": "object", "source_citation": "object"})


@pytest.fixture(scope="module")
def embedded() -> pd.DataFrame:
    return pd.read_csv(PROJECT / "data" / "xbrl_facts.csv", dtype="string")


# Of these the gathered table takes nine months that were never restated from a year that was; ours are of one definition.
OF_TWO_DEFINITIONS = {("meta", "2020-12-31"), ("meta", "2022-12-31")}


@pytest.mark.skipif(not GATHERED.exists(), reason="not run: the gathered facts (../shared/data) are not here")
def test_the_latest_vintage_is_the_hyperscaler_table_wherever_both_have_a_value(embedded):
    ours = quarters(staged(embedded)).query("vintage == 'latest'").set_index(["company_id", "period_end"])
    theirs = pd.read_csv(GATHERED)
    theirs["company_id"] = theirs["company"].str.lower()
    both = theirs.set_index(["company_id", "period_end"]).join(ours, how="inner", rsuffix="_ours")
    assert len(theirs) == len(both) == 125
    assert set(both.index[both["capex_usd_m"].round() != both["capex_usd_m_ours"].round()]) == OF_TWO_DEFINITIONS


def test_the_first_filed_vintage_is_the_gathered_table_for_every_period_in_the_facts(embedded):
    ours = quarters(staged(embedded)).query("vintage == 'first'").set_index(["company_id", "period_end"])
    theirs = pd.read_csv(PROJECT / "data" / "capex_first_filed.csv").rename(columns={"company": "company_id"})
    both = theirs.set_index(["company_id", "period_end"])[["capex_usd_m"]].join(ours, how="inner", rsuffix="_ours")
    assert len(both) >= 100 and both.index.get_level_values(0).nunique() == 5
    assert ((both["capex_usd_m"] - both["capex_usd_m_ours"]).abs() <= 1).all()


def test_companyfacts_give_the_embedded_facts(embedded):
    live = xbrl_facts.SOURCE.read_live(Upstream(companyfacts(10_000), date(2026, 11, 23)))
    accepted, rejected = contract.split(xbrl_facts.SOURCE, live, date(2026, 11, 23))
    assert rejected.empty and len(accepted) == len(embedded)
    names = ["cik", "taxonomy", "tag", "unit", "period_start", "period_end", "value", "accession", "form", "filed_on"]
    ours, theirs = (
        frame.astype({"value": float})[names].astype("string").fillna("").sort_values(names).reset_index(drop=True)
        for frame in (live, embedded)
    )
    assert ours.equals(theirs)


def filing(start: str, end: str, value: float, filed: str, company: str = "oracle") -> dict:
    return {
        "company_id": company,
        "tag": "PaymentsToAcquirePropertyPlantAndEquipment",
        "unit": "USD",
        "period_start": date.fromisoformat(start),
        "period_end": date.fromisoformat(end),
        "value": value * 1e6,
        "filed_on": date.fromisoformat(filed),
        "source_citation": filed,
        "retrieved_at": date(2026, 11, 23),
    }


# A fiscal year of 53 weeks: 13 + 13 + 13 + 14, stated year to date as a 10-Q does.
YEAR = [
    filing("2023-01-30", "2023-04-30", 10, "2023-05-20"),
    filing("2023-01-30", "2023-07-30", 25, "2023-08-20"),
    filing("2023-01-30", "2023-10-29", 45, "2023-11-20"),
    filing("2023-01-30", "2024-02-04", 75, "2024-02-28"),
]


def values(facts: list[dict], vintage: str = "latest") -> list[float]:
    found = quarters(pd.DataFrame(facts)).query("vintage == @vintage").sort_values("period_end")
    return found["capex_usd_m"].round(6).tolist()


def test_quarters_are_differences_and_the_fourth_is_the_year_less_nine_months():
    assert values(YEAR) == [10, 15, 20, 30]
    last = quarters(pd.DataFrame(YEAR)).query("period_end == '2024-02-04' and vintage == 'latest'").iloc[0]
    assert pd.Timestamp(last["period_start"]).date() == date(2023, 10, 30), "14 weeks"
    assert last["is_derived"] and pd.Timestamp(last["filed_on"]).date() == date(2024, 2, 28)


def test_a_missing_nine_months_leaves_no_fourth_quarter_rather_than_a_wrong_one():
    assert values([YEAR[0], YEAR[1], YEAR[3]]) == [10, 15]


def test_an_amended_filing_changes_the_latest_vintage_and_never_the_first():
    amended = [*YEAR, filing("2023-01-30", "2024-02-04", 80, "2024-06-01")]
    assert values(amended, "latest") == [10, 15, 20, 35]
    assert values(amended, "first") == [10, 15, 20, 30]


def test_a_quarter_that_is_stated_by_itself_counts_before_a_difference():
    stated = [*YEAR, filing("2023-05-01", "2023-07-30", 16, "2024-08-20")]
    assert values(stated, "latest") == [10, 16, 20, 30]


def test_another_companys_tag_or_currency_is_not_taken():
    wrong = [{**fact, "company_id": "amazon"} for fact in YEAR] + [{**fact, "unit": "TWD"} for fact in YEAR]
    assert values(wrong) == []


@pytest.mark.parametrize(
    ("source", "answers", "field"),
    [
        (xbrl_facts.SOURCE, companyfacts, b'"entityName": "'),
        (edgar_filings.SOURCE, submissions, b'"name": "'),
    ],
)
def test_a_company_that_edgar_renames_changes_no_row(source, answers, field):
    before = answers()
    after = {cik: body.replace(field, field + b"New ") for cik, body in before.items()}
    assert after != before
    old, new = (source.read_live(Upstream(given, date(2026, 11, 23))) for given in (before, after))
    assert old.equals(new) and old["entity"].notna().all()


def test_new_filings_are_those_not_seen_yet_oldest_first():
    rows = edgar_filings.SOURCE.read_live(Upstream(submissions(), date(2026, 11, 24)))
    nvidia = rows[rows["cik"] == "1045810"]
    newest = nvidia["accession"].iloc[0]
    assert edgar_filings.new_filings(nvidia, set(nvidia["accession"])).empty
    assert edgar_filings.new_filings(nvidia, set(nvidia["accession"]) - {newest})["accession"].tolist() == [newest]
    assert edgar_filings.new_filings(nvidia, set())["filed_on"].is_monotonic_increasing
