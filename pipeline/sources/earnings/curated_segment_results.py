"""Segment results by company and fiscal period, gathered for this project from releases and filings."""

from __future__ import annotations

import pandas as pd

from pipeline.sources.base import (
    Source,
    Upstream,
    confidence_words,
    day,
    last_days,
    number,
    pick,
    plus_days,
    text,
    with_provenance,
)

PATH = "curated_facts/segment_results.csv"

COMPANIES = (
    "NVIDIA", "AMD", "Intel", "Broadcom", "Marvell", "TSMC", "Alphabet", "Amazon", "Microsoft", "Oracle", "CoreWeave",
    "SK hynix",
)  # fmt: skip

UPSTREAM = {
    "company": "company",
    "segment": "segment",
    "metric": "metric",
    "basis": "basis",
    "fiscal_period": "fiscal_period",
    "period_start": "period_start",
    "period_end": "period_end",
    "calendar_quarter": "aligned_calendar_quarter",
    "value": "value",
    "unit": "unit",
    "check_level": "check_level",
}
# Large filers have 40 days for a 10-Q; 45 is the last day a quarter's results could have become public.
LAG_DAYS = 45


def parse(upstream: Upstream) -> pd.DataFrame:
    """One row per company, segment, metric, basis and fiscal period; a missing report date is the last it could be."""
    raw = upstream.csv(PATH)
    rows = pick(raw, UPSTREAM, "curated_segment_results")
    # The estimates of Broadcom's FY2023 became known with Epoch's file of 2026-04-22, not with a release of Broadcom.
    estimated = raw["company"].eq("Broadcom") & raw["fiscal_period"].str.startswith("FY2023").fillna(False)
    # AMD's 2022Q1 exists only as recast when it made the segment; Microsoft's quarters before FY2025 stand here as
    # recast, which was public by its FY2025Q1 results at the latest (CLARIFICATIONS 5).
    amd = raw["company"].eq("AMD") & raw["segment"].eq("Data Center") & raw["fiscal_period"].eq("FY2022Q1")
    recast = raw["segment"].eq("Intelligent Cloud") & raw["fiscal_period"].lt("FY2025")
    reported = raw["reported_on"].mask(estimated, "2026-04-22").mask(amd, "2022-08-02").mask(recast, "2024-10-30")
    basis = (
        reported.str.len().eq(10).map({True: "release", False: "upper_bound"}).where(reported.notna(), "assumed_lag")
    )
    basis = basis.mask(recast, "upper_bound")
    reported = last_days(reported)
    confidence = confidence_words(raw["confidence"]).mask(raw["check_level"].eq("derived"), "derived")
    confidence = confidence.mask(raw["check_level"].eq("rounded") & confidence.eq("verified"), "rounded")
    return with_provenance(
        rows,
        upstream,
        citation=raw["source"],
        reported_on=reported.fillna(plus_days(raw["period_end"], LAG_DAYS)),
        basis=basis,
        confidence=confidence.mask(estimated, "estimate"),
    )


SOURCE = Source(
    id="curated_segment_results",
    title="Gathered segment results",
    description="Revenue and operating income by reportable segment or market platform, in the unit of the row "
    "(USD million, KRW billion, percent). `basis` names the definition: compare only within one.",
    domain="earnings",
    licence="facts with attribution",
    credit="company filings and releases",
    cadence="quarterly",
    max_age_days=120,
    required=True,
    files=(PATH,),
    parse=parse,
    key=("company", "segment", "metric", "basis", "fiscal_period"),
    columns={
        "company": text(choices=COMPANIES),
        "segment": text(),
        "metric": text(choices=("revenue", "revenue_share", "operating_income")),
        "basis": text(),
        "fiscal_period": text(),
        "period_start": day(nullable=True),
        "period_end": day(past=True),
        "calendar_quarter": text(nullable=True),
        "value": number(low=-50_000, high=1e6),
        "unit": text(choices=("USD million", "percent", "KRW billion")),
        "check_level": text(choices=("none", "rounded", "exact", "derived")),
    },
)
