"""Epoch AI, AI Companies: reports of users, tokens and messages."""

from __future__ import annotations

import pandas as pd

from pipeline.sources.base import Source, Upstream, amount, day, iso_dates, pick, text, with_provenance
from pipeline.sources.epoch import CREDIT, LICENCE

PATH = "epoch_ai_companies/ai_companies_usage_reports.csv"

UPSTREAM = {
    "report": "Id",
    "organisation": "Company",
    "product": "Product",
    "as_of": "Date",
    "active_users": "Active users",
    "active_per": "Active users time period",
    "tokens_per_day": "Daily tokens",
    "messages_per_day": "Daily messages",
    "certainty": "Confidence",
    "reported": "Report date",
    "source_url": "Source 1",
}


def parse(upstream: Upstream) -> pd.DataFrame:
    """One row per report; `row_id` keeps reports of one name apart."""
    rows = pick(upstream.csv(PATH), UPSTREAM, "epoch_usage_reports")
    rows["as_of"] = iso_dates(rows["as_of"])
    rows["active_per"] = rows["active_per"].str.lower()
    rows.insert(1, "row_id", rows.groupby("report").cumcount().add(1).astype("string"))
    return with_provenance(
        rows.drop(columns=["source_url", "reported"]),
        upstream,
        citation="Epoch AI, AI Companies, usage reports, " + rows["report"],
        url=rows["source_url"].str.split().str[0],
        reported_on=iso_dates(rows["reported"]),
        basis="release",
        confidence=rows["certainty"].eq("Confident").map({True: "verified", False: "estimate"}),
    )


SOURCE = Source(
    id="epoch_usage_reports",
    title="Epoch AI: AI companies, usage reports",
    description="Active users, tokens and messages per day by product, with Epoch's certainty.",
    domain="usage",
    licence=LICENCE,
    credit=CREDIT,
    homepage_url="https://epoch.ai/data/ai_companies_usage_reports.csv",
    cadence="monthly",
    max_age_days=400,
    files=(PATH,),
    parse=parse,
    key=("report", "row_id"),
    columns={
        "report": text(),
        "row_id": text(),
        "organisation": text(),
        "product": text(),
        "as_of": day(past=True),
        "active_users": amount(nullable=True, high=1e10),
        "active_per": text(nullable=True, choices=("daily", "weekly", "monthly")),
        "tokens_per_day": amount(nullable=True, high=1e16),
        "messages_per_day": amount(nullable=True, high=1e12),
        "certainty": text(choices=("Likely", "Confident", "Uncertain")),
    },
)
