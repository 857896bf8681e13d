"""Company-wide quarterly figures: capital expenditure, cash flow, revenue."""

from __future__ import annotations

from pipeline.sources.base import Provenance, Source, day, number, plus_days, text

# Large filers have 40 days for a 10-Q; 45 is the last day a quarter's figures could have become public.
LAG_DAYS = 45

SOURCE = Source(
    id="curated_company_quarterly",
    title="Gathered company-wide quarterly figures",
    description="Capital expenditure (cash, or as companies state it), operating cash flow and revenue, USD million.",
    domain="earnings",
    licence="facts with attribution",
    credit="company filings and releases",
    cadence="quarterly",
    max_age_days=150,
    files=("curated_facts/company_quarterly.csv",),
    key=("company", "metric", "basis", "period_end"),
    # The capital expenditure that also stands in XBRL takes its filing date there (in dbt).
    provenance=Provenance(
        "{source}",
        confidence="{confidence}",
        reported_on="{reported_on}",
        otherwise="{latest}",
        otherwise_basis="assumed_lag",
    ),
    tidy=lambda listed: listed.assign(latest=plus_days(listed["period_end"], LAG_DAYS)),
    columns={
        "company": text(choices=("Alphabet", "Amazon", "Meta", "Microsoft", "NVIDIA", "Oracle")),
        "period_end": day(past=True),
        "metric": text(choices=("capex_cash", "capex_company_stated", "revenue", "operating_cash_flow")),
        "basis": text(),
        "value": number(low=-100_000, high=1e6),
        "unit": text(choices=("USD million",)),
    },
)
