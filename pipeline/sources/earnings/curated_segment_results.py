"""Segment results by company and fiscal period, gathered for this project from releases and filings."""

import pandas as pd

from pipeline.sources import edgar
from pipeline.sources.base import Provenance, Source, confidence_words, day, number, plus_days, text

COMPANIES = (
    "NVIDIA", "AMD", "Intel", "Broadcom", "Marvell", "TSMC", "Alphabet", "Amazon", "Microsoft", "Oracle", "CoreWeave",
    "SK hynix",
)  # fmt: skip


def tidy(listed: pd.DataFrame) -> pd.DataFrame:
    """When a row was known and how sure it is; a missing report date is the last it could be."""
    # The estimates of Broadcom's FY2023 became known with Epoch's file of 2026-04-22, not with a release of Broadcom.
    estimated = listed["company"].eq("Broadcom") & listed["fiscal_period"].str.startswith("FY2023").fillna(False)
    # AMD's 2022Q1 exists only as recast when it made the segment; Microsoft's quarters before FY2025 stand here as
    # recast, which was public by its FY2025Q1 results at the latest.
    amd = listed["company"].eq("AMD") & listed["segment"].eq("Data Center") & listed["fiscal_period"].eq("FY2022Q1")
    recast = listed["segment"].eq("Intelligent Cloud") & listed["fiscal_period"].lt("FY2025")
    # NVIDIA's first quarters by platform are half years less second quarters, out of the 10-Q that states both.
    platform = listed["basis"].str.startswith("FY2027 market platforms") & listed["check_level"].eq("derived")
    reported = listed["reported_on"].mask(estimated, "2026-04-22").mask(amd, "2022-08-02").mask(recast, "2024-10-30")
    reported = reported.mask(platform, "2026-08-26")
    confidence = confidence_words(listed["confidence"]).mask(listed["check_level"].eq("derived"), "derived")
    confidence = confidence.mask(listed["check_level"].eq("rounded") & confidence.eq("verified"), "rounded")
    return listed.assign(
        reported_on=reported,
        basis_of_day=recast.map({True: "upper_bound", False: "release"}),
        latest=plus_days(listed["period_end"], edgar.LAG_DAYS),
        confidence=confidence.mask(estimated, "estimate"),
    )


SOURCE = Source(
    title="Gathered segment results",
    description="Revenue and operating income by reportable segment or market platform, in the unit of the row "
    "(USD million, KRW billion, percent). `basis` names the definition: compare only within one.",
    licence="facts with attribution",
    credit="company filings and releases",
    cadence="quarterly",
    required=True,
    files=("curated_facts/segment_results.csv",),
    key=("company", "segment", "metric", "basis", "fiscal_period"),
    provenance=Provenance(
        "{source}",
        confidence="{confidence}",
        reported_on="{reported_on}",
        basis="{basis_of_day}",
        otherwise="{latest}",
        otherwise_basis="assumed_lag",
    ),
    tidy=tidy,
    columns={
        "company": text(choices=COMPANIES),
        "segment": text(),
        "metric": text(choices=("revenue", "revenue_share", "operating_income")),
        "basis": text(),
        "fiscal_period": text(),
        "period_start": day(nullable=True),
        "period_end": day(past=True),
        "calendar_quarter": text(nullable=True, source="aligned_calendar_quarter"),
        "value": number(low=-50_000, high=1e6),
        "unit": text(choices=("USD million", "percent", "KRW billion")),
        "check_level": text(choices=("none", "rounded", "exact", "derived")),
    },
)
