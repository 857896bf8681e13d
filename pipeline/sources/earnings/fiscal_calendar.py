"""Fiscal quarters of companies whose years are not the calendar's: first and last day, weeks, report date."""

from pipeline.sources.base import Provenance, Source, amount, day, text

SOURCE = Source(
    title="Fiscal calendars",
    description="Fiscal quarters of NVIDIA, Broadcom and AMD with the calendar quarter that holds their middle.",
    licence="facts with attribution",
    credit="company releases",
    cadence="yearly",
    required=True,
    files=("curated_facts/fiscal_calendar.csv",),
    key=("company", "fiscal_period"),
    provenance=Provenance("results releases of {company}", confidence="{confidence}", reported_on="{reported_on}"),
    columns={
        "company": text(choices=("NVIDIA", "Broadcom", "AMD")),
        "fiscal_period": text(),
        "period_start": day(),
        "period_end": day(),
        "weeks": amount(high=14),
        "calendar_quarter": text(source="aligned_calendar_quarter"),
    },
)
