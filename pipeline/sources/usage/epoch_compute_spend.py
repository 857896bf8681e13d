"""Epoch AI, AI Companies: what labs spend on compute, split into inference and R&D where known."""

from __future__ import annotations

import pandas as pd

from pipeline.sources.base import Source, Upstream, amount, day, iso_dates, pick, text, with_provenance
from pipeline.sources.epoch import CREDIT, LICENCE

PATH = "epoch_ai_companies/ai_companies_compute_spend.csv"

UPSTREAM = {
    "report": "Id",
    "organisation": "Company",
    "amount_usd": "Amount",
    "category": "Category",
    "period_kind": "Period type",
    "period_end": "Date",
    "certainty": "Confidence",
    "reported": "Report date",
}


def parse(upstream: Upstream) -> pd.DataFrame:
    """One row per report. Upstream's impossible report date of one row is kept as it is: the contract rejects it."""
    rows = pick(upstream.csv(PATH), UPSTREAM, "epoch_compute_spend")
    rows["period_end"] = iso_dates(rows["period_end"])
    rows["period_kind"] = rows["period_kind"].str.lower()
    reported = iso_dates(rows["reported"])
    # Without a report date the row became known with the stored file (2025-12-14, SOURCE.md).
    return with_provenance(
        rows.drop(columns="reported"),
        upstream,
        citation="Epoch AI, AI Companies, compute spend, " + rows["report"],
        reported_on=reported.fillna("2025-12-14"),
        basis=reported.notna().map({True: "release", False: "upper_bound"}),
        confidence="estimate",
    )


SOURCE = Source(
    id="epoch_compute_spend",
    title="Epoch AI: AI companies, compute spend",
    description="USD per year (or annualised) that OpenAI and Anthropic spend on compute, by category.",
    domain="usage",
    licence=LICENCE,
    credit=CREDIT,
    homepage_url="https://epoch.ai/data/ai_companies_compute_spend.csv",
    cadence="monthly",
    max_age_days=500,
    files=(PATH,),
    parse=parse,
    key=("report",),
    columns={
        "report": text(),
        "organisation": text(),
        "amount_usd": amount(high=1e13),
        "category": text(),
        "period_kind": text(choices=("year", "annualized")),
        "period_end": day(),
        "certainty": text(choices=("Likely", "Confident", "Uncertain")),
    },
)
