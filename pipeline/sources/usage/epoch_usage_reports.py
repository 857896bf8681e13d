"""Epoch AI, AI Companies: reports of users, tokens and messages."""

import pandas as pd

from pipeline.sources.base import Provenance, Source, amount, day, text
from pipeline.sources.epoch import CREDIT, LICENCE


def tidy(listed: pd.DataFrame) -> pd.DataFrame:
    """`row_id` keeps reports of one name apart."""
    return listed.assign(
        row_id=listed.groupby("Id").cumcount().add(1).astype("string"),
        active_per=listed["Active users time period"].str.lower(),
        confidence=listed["Confidence"].eq("Confident").map({True: "verified", False: "estimate"}),
    )


SOURCE = Source(
    title="Epoch AI: AI companies, usage reports",
    description="Active users, tokens and messages per day by product, with Epoch's certainty.",
    licence=LICENCE,
    credit=CREDIT,
    homepage_url="https://epoch.ai/data/ai_companies_usage_reports.csv",
    cadence="monthly",
    files=("epoch_ai_companies/ai_companies_usage_reports.csv",),
    key=("report", "row_id"),
    provenance=Provenance(
        "Epoch AI, AI Companies, usage reports, {Id}",
        confidence="{confidence}",
        reported_on="{Report date}",
        url="{Source 1}",
    ),
    tidy=tidy,
    columns={
        "report": text(source="Id"),
        "row_id": text(),
        "organisation": text(source="Company"),
        "product": text(source="Product"),
        "as_of": day(past=True, source="Date"),
        "active_users": amount(nullable=True, high=1e10, source="Active users"),
        "active_per": text(nullable=True, choices=("daily", "weekly", "monthly")),
        "tokens_per_day": amount(nullable=True, high=1e16, source="Daily tokens"),
        "messages_per_day": amount(nullable=True, high=1e12, source="Daily messages"),
        "certainty": text(choices=("Likely", "Confident", "Uncertain"), source="Confidence"),
    },
)
