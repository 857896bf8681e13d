"""Revenue that companies say they earn at the pace of the day, taken for a year, read in pages that quote them."""

from pipeline.sources.base import Source, amount, day, text
from pipeline.sources.earnings.read_guidance import READ

SOURCE = Source(
    title="Revenue run rates read in documents",
    description="Annualised revenue of AI laboratories and of AI businesses within companies, in USD million a year, one row "
    "per figure and document that gives it. A run rate is a month's or four weeks' revenue taken for a year: no revenue.",
    licence="facts with attribution",
    credit="company statements and the press",
    cadence="quarterly",
    key=("issuer", "scope", "as_of", "source_url"),
    columns={
        "issuer": text(),
        "scope": text(),
        "as_of": day(past=True),
        "value": amount(high=1e6),
        "unit": text(choices=("USD million a year",)),
        "qualifier": text(nullable=True, choices=("over", "about")),
        "stated_by": text(choices=("company", "press")),
        **READ,
    },
)
