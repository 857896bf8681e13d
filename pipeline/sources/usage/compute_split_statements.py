"""Dated statements on how much compute goes to inference and how much to research and training, read by hand."""

from pipeline.sources.base import Source, number, text

SOURCE = Source(
    title="Statements on inference and training",
    description="What laboratories, their accounts, a vendor and consultancies state of inference, training and compute as a "
    "whole, each with its day; they disagree and none is corrected. read_in says whether a page that states the "
    "figure was opened or a public repository's note on it. data/compute_split_statements.csv is written by hand.",
    licence="facts with attribution; Epoch AI's CC BY 4.0",
    credit="the organisations named; Epoch AI",
    cadence="by hand",
    key=("organisation", "period", "component", "reported_on"),
    columns={
        "organisation": text(),
        "period": text(),
        "component": text(),
        "value": number(low=0, high=10_000),
        "unit": text(choices=("percent", "USD billion", "RMB billion", "USD", "GW", "multiple")),
        "status": text(),
        "read_in": text(choices=("page", "note")),
        "quoted_by": text(nullable=True),
    },
)
