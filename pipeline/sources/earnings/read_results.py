"""Reported quarters, read in documents or in pages that quote them, and written by hand."""

from pipeline.sources.base import Source, day, number, text
from pipeline.sources.earnings.read_guidance import READ

SOURCE = Source(
    title="Results read in documents",
    description="Revenue, orders, gross profit, operating income, depreciation, capital expenditure and inventory at "
    "quarter's end of companies and segments in USD million or, of Asian makers, in their own currency; gross margin and a "
    "segment's share of the company's revenue in percent; a cloud's power at quarter's end in MW: one row per figure and "
    "document that gives it, in as many digits as it gives. `definition` names what a segment or a line holds.",
    licence="facts with attribution",
    credit="company releases and filings",
    cadence="quarterly",
    key=("issuer", "segment", "metric", "definition", "fiscal_period", "source_url"),
    columns={
        "issuer": text(),
        "segment": text(),
        "metric": text(
            choices=(
                "revenue",
                "revenue_share",
                "orders",
                "gross_profit",
                "operating_income",
                "depreciation",
                "capex",
                "gross_margin",
                "inventory",
                "active_power",
                "contracted_power",
            )
        ),
        "definition": text(),
        "fiscal_period": text(),
        "period_end": day(past=True),
        # An operating loss is below zero: Google Cloud's of 2020 was the deepest, 5.6 billion USD.
        "value": number(low=-10_000, high=5e6),
        "unit": text(choices=("USD million", "KRW billion", "TWD million", "percent", "MW")),
        **READ,
    },
)
