"""Company-wide quarterly figures: capital expenditure, cash flow, revenue."""

from __future__ import annotations

import pandas as pd

from pipeline.sources.base import (
    Source,
    Upstream,
    confidence_words,
    day,
    number,
    pick,
    plus_days,
    text,
    with_provenance,
)

PATH = "curated_facts/company_quarterly.csv"
LAG_DAYS = 45

UPSTREAM = {name: name for name in ("company", "period_end", "metric", "basis", "value", "unit")}


def parse(upstream: Upstream) -> pd.DataFrame:
    """One row per company, metric, basis and quarter; most have no report date and get the last it could be.

    The capital expenditure that also stands in XBRL takes its filing date there (in dbt).
    """
    raw = upstream.csv(PATH)
    rows = pick(raw, UPSTREAM, "curated_company_quarterly")
    return with_provenance(
        rows,
        upstream,
        citation=raw["source"],
        reported_on=raw["reported_on"].fillna(plus_days(raw["period_end"], LAG_DAYS)),
        basis=raw["reported_on"].notna().map({True: "release", False: "assumed_lag"}),
        confidence=confidence_words(raw["confidence"]),
    )


SOURCE = Source(
    id="curated_company_quarterly",
    title="Gathered company-wide quarterly figures",
    description="Capital expenditure (cash, or as companies state it), operating cash flow and revenue, USD million.",
    domain="earnings",
    licence="facts with attribution",
    credit="company filings and releases",
    cadence="quarterly",
    max_age_days=150,
    files=(PATH,),
    parse=parse,
    key=("company", "metric", "basis", "period_end"),
    columns={
        "company": text(choices=("Alphabet", "Amazon", "Meta", "Microsoft", "NVIDIA", "Oracle")),
        "period_end": day(past=True),
        "metric": text(choices=("capex_cash", "capex_company_stated", "revenue", "operating_cash_flow")),
        "basis": text(),
        "value": number(low=-100_000, high=1e6),
        "unit": text(choices=("USD million",)),
    },
)
