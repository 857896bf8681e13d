"""Fiscal quarters of companies whose years are not the calendar's: first and last day, weeks, report date."""

from __future__ import annotations

import pandas as pd

from pipeline.sources.base import Source, Upstream, amount, confidence_words, day, pick, text, with_provenance

PATH = "curated_facts/fiscal_calendar.csv"

UPSTREAM = {
    "company": "company",
    "fiscal_period": "fiscal_period",
    "period_start": "period_start",
    "period_end": "period_end",
    "weeks": "weeks",
    "calendar_quarter": "aligned_calendar_quarter",
}


def parse(upstream: Upstream) -> pd.DataFrame:
    """One row per company and fiscal quarter. Broadcom's FY2026Q3 was reported on 2026-09-02 (CLARIFICATIONS 5)."""
    raw = upstream.csv(PATH)
    rows = pick(raw, UPSTREAM, "fiscal_calendar")
    return with_provenance(
        rows,
        upstream,
        citation="results releases of " + raw["company"],
        reported_on=raw["reported_on"],
        basis="release",
        confidence=confidence_words(raw["confidence"]),
    )


SOURCE = Source(
    id="fiscal_calendar",
    title="Fiscal calendars",
    description="Fiscal quarters of NVIDIA, Broadcom and AMD with the calendar quarter that holds their middle.",
    domain="earnings",
    licence="facts with attribution",
    credit="company releases",
    cadence="yearly",
    max_age_days=200,
    required=True,
    files=(PATH,),
    parse=parse,
    key=("company", "fiscal_period"),
    columns={
        "company": text(choices=("NVIDIA", "Broadcom", "AMD")),
        "fiscal_period": text(),
        "period_start": day(),
        "period_end": day(),
        "weeks": amount(high=14),
        "calendar_quarter": text(),
    },
)
