"""Epoch AI, AI Companies: what labs spend on compute, split into inference and R&D where known."""

from pipeline.sources.base import Provenance, Source, amount, day, text
from pipeline.sources.epoch import CREDIT, LICENCE

SOURCE = Source(
    title="Epoch AI: AI companies, compute spend",
    description="USD per year (or annualised) that OpenAI and Anthropic spend on compute, by category.",
    licence=LICENCE,
    credit=CREDIT,
    homepage_url="https://epoch.ai/data/ai_companies_compute_spend.csv",
    cadence="monthly",
    files=("epoch_ai_companies/ai_companies_compute_spend.csv",),
    key=("report",),
    # Without a report date a row became known with the stored file (its SOURCE.md). One has an impossible date, which
    # stays as it is: the contract rejects it.
    provenance=Provenance(
        "Epoch AI, AI Companies, compute spend, {Id}",
        confidence="estimate",
        reported_on="{Report date}",
        released="2025-12-14",
    ),
    tidy=lambda listed: listed.assign(period_kind=listed["Period type"].str.lower()),
    columns={
        "report": text(source="Id"),
        "organisation": text(source="Company"),
        "amount_usd": amount(high=1e13, source="Amount"),
        "category": text(source="Category"),
        "period_kind": text(choices=("year", "annualized")),
        "period_end": day(source="Date"),
        "certainty": text(choices=("Likely", "Confident", "Uncertain"), source="Confidence"),
    },
)
