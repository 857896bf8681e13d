"""Figures that institutions publish about this market, read by hand in their own pages or in pages that quote them."""

from pipeline.sources.base import Source, number, text
from pipeline.sources.earnings.read_guidance import READ_HOW

# The document that states a figure, whose page quotes it, and how that was read; none of the last two without an address.
DOCUMENT = {
    "document_title": text(nullable=True),
    "quoted_by": text(nullable=True),
    "read_how": text(nullable=True, choices=READ_HOW),
}

SOURCE = Source(
    title="Published figures of institutions on this market",
    description="Demand, capital expenditure, power, shares, orders, goals and price declines as some 40 institutions "
    "publish them, each with its own definition; value is the middle of a range or the only bound given. One whose day of "
    "publication is unknown counts from the day it was read. data/published_figures.csv is written by hand.",
    licence="facts with attribution",
    credit="the publishers named",
    cadence="by hand",
    key=("publisher", "quantity", "definition", "target_period", "reported_on"),
    columns={
        "publisher": text(),
        "quantity": text(),
        "definition": text(),
        "target_period": text(),
        "value_low": number(nullable=True, low=0, high=1e6),
        "value": number(low=0, high=1e6),
        "value_high": number(nullable=True, low=0, high=1e6),
        "unit": text(),
        "qualifier": text(nullable=True),
        **DOCUMENT,
    },
)
