"""What issuers said about periods to come, read in documents or in pages that quote them, and written by hand."""

from pipeline.sources.base import Source, amount, day, text

# A page of the issuer, its filing, or its own repository; else a copy of the release, a page or a note that quotes it.
KINDS = ("issuer", "sec", "maker", "wire", "news", "reference", "vendor", "repo_note")
# `note`: read in a note that names the address, which was not opened.
READ_HOW = ("opened", "note")
# What is said of the document that a figure was read in.
READ = {
    "source_kind": text(choices=KINDS),
    "quoted_by": text(nullable=True),
    "read_how": text(choices=READ_HOW),
    "remark": text(nullable=True),
}
# What came between two reports, and what two pages give differently, is no outlook given with a report.
GIVEN_AS = ("outlook", "update_within_quarter", "preannounced_result", "disputed", "wrong")

SOURCE = Source(
    title="Guidance read in documents",
    description="Revenue and capital-expenditure guidance with low, middle and high in USD million, one row per statement "
    "and document that gives it; `reported_on` is the day it was issued.",
    licence="facts with attribution",
    credit="company releases and calls",
    cadence="quarterly",
    required=True,
    key=("issuer", "metric", "segment", "basis", "target_period", "reported_on", "source_url"),
    columns={
        "issuer": text(),
        "metric": text(choices=("revenue", "capex")),
        "segment": text(choices=("total", "ai")),
        "basis": text(
            choices=("reported", "adjusted", "cash", "stated", "with finance leases", "gross of customers' share")
        ),
        "target_period": text(),
        "period_end": day(),
        # The largest guide so far is below USD 300 billion.
        "low": amount(nullable=True, high=1e6),
        "mid": amount(nullable=True, high=1e6),
        "high": amount(nullable=True, high=1e6),
        "unit": text(choices=("USD million",)),
        "given_as": text(choices=GIVEN_AS),
        **READ,
    },
)
