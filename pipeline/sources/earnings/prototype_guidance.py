"""Longer history of guidance: NVIDIA's total revenue since FY2016, Broadcom's AI revenue since FY2025."""

from __future__ import annotations

import pandas as pd

from pipeline.sources.base import Provenance, Source, Upstream, amount, day, text

FILES = ("prototype_series/nvidia_quarterly.csv", "prototype_series/broadcom_ai_guidance.csv")
FISCAL_CALENDAR = "curated_facts/fiscal_calendar.csv"


def _nvidia(upstream: Upstream) -> pd.DataFrame:
    raw = upstream.csv(FILES[0])
    return pd.DataFrame(
        {
            "company": "NVIDIA",
            "metric": "revenue",
            "target_period": raw["fiscal_quarter"].str.replace("FY", "FY20"),
            "mid_usd_m": raw["guidance_mid_total_usd_m"],
            "issued_on": raw["guidance_issued_at_prior_report"],
            "status": raw["guidance_status"],
            "citation": "NVIDIA results release, Outlook",
        }
    ).dropna(subset=["mid_usd_m", "issued_on"])


def _broadcom(upstream: Upstream) -> pd.DataFrame:
    raw = upstream.csv(FILES[1])
    calendar = upstream.csv(FISCAL_CALENDAR).query("company == 'Broadcom'").sort_values("period_end")
    # A guide for a quarter is issued with the results of the quarter before.
    issued = dict(zip(calendar["fiscal_period"], calendar["reported_on"].shift(1), strict=True))
    target = raw["fiscal_quarter"].str.replace("FY", "FY20")
    return pd.DataFrame(
        {
            "company": "Broadcom",
            "metric": "AI semiconductor revenue",
            "target_period": target,
            "mid_usd_m": raw["guidance_usd_m"],
            "issued_on": target.map(issued),
            "status": raw["status"],
            "citation": raw["source"],
        }
    ).dropna(subset=["issued_on"])


def parse(upstream: Upstream) -> pd.DataFrame:
    """One row per company and target quarter: the middle of the guide in USD million."""
    return pd.concat([_nvidia(upstream), _broadcom(upstream)], ignore_index=True)


SOURCE = Source(
    id="prototype_guidance",
    title="Guidance history of the forecasting prototype",
    description="Guidance midpoints in USD million for quarters that the gathered guidance does not reach. Mostly recalled.",
    domain="earnings",
    licence="facts with attribution",
    credit="company releases",
    cadence="ended 2026",
    max_age_days=400,
    files=(*FILES, FISCAL_CALENDAR),
    parse=parse,
    key=("company", "metric", "target_period"),
    provenance=Provenance("{citation}", confidence="{status}", reported_on="{issued_on}", basis="issued"),
    columns={
        "company": text(choices=("NVIDIA", "Broadcom")),
        "metric": text(choices=("revenue", "AI semiconductor revenue")),
        "target_period": text(),
        "mid_usd_m": amount(high=1e6),
        "issued_on": day(past=True),
    },
)
