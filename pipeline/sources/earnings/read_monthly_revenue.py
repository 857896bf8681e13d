"""Revenue by month, which Taiwan's companies report, read in documents or in pages that quote them."""

from pipeline.sources.base import Source, amount, day, text
from pipeline.sources.earnings.read_guidance import READ

SOURCE = Source(
    title="Monthly revenue read in documents",
    description="Consolidated revenue of a month in TWD million, one row per figure and document that gives it. Where no "
    "document gives the day, `reported_on` is the 15th of the next month: Taiwan's law asks for the figure by the 10th, and "
    "holidays move that by days.",
    licence="facts with attribution",
    credit="company reports",
    cadence="monthly",
    key=("issuer", "month_end", "source_url"),
    columns={
        "issuer": text(),
        "month_end": day(past=True),
        # The largest so far is Hon Hai's 896 billion TWD of October 2025.
        "value": amount(high=5e6),
        "unit": text(choices=("TWD million",)),
        **READ,
    },
)
