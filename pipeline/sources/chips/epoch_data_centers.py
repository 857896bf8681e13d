"""Epoch AI, Frontier Data Centers: milestones of power, H100e and cost per site."""

from __future__ import annotations

import pandas as pd

from pipeline.sources.base import Source, Upstream, amount, day, iso_dates, numbered, pick, text, with_provenance
from pipeline.sources.epoch import BASE_URL, CREDIT, LICENCE, member
from pipeline.sources.live import MEGABYTE, ZIP, Live, Request

PATH = "epoch_data_centers/data_center_timelines.csv"
ARCHIVE = "data_centers.zip"
# Day of the stored copy, from its SOURCE.md.
RELEASED = "2025-12-14"

UPSTREAM = {
    "site": "Data center",
    "milestone_on": "Date",
    "power_mw": "Power (MW)",
    "h100e": "H100 equivalents",
    "buildings_operational": "Buildings operational",
    "capital_cost_usd_bn_2025": "Total capital cost (2025 USD billions)",
    "compute_cost_usd_bn_2025": "Compute cost (2025 USD billions)",
}


def parse(upstream: Upstream) -> pd.DataFrame:
    """One row per site and milestone; dates after the release are Epoch's projections."""
    listed = upstream.csv(PATH)
    rows = pick(listed, UPSTREAM, "epoch_data_centers")
    rows["milestone_on"] = iso_dates(rows["milestone_on"])
    rows.insert(2, "milestone", numbered(listed, ["Data center", "Date"]))
    return with_provenance(
        rows,
        upstream,
        citation="Epoch AI, Frontier Data Centers, " + rows["site"],
        reported_on=upstream.day(PATH, RELEASED),
        basis="release",
        confidence="estimate",
    )


def parse_live(upstream: Upstream) -> pd.DataFrame:
    """The same file out of the published archive."""
    return parse(member(upstream, ARCHIVE, "data_center_timelines.csv", PATH))


SOURCE = Source(
    id="epoch_data_centers",
    title="Epoch AI: Frontier Data Centers",
    description="What was or will be running at 16 large sites on given days; later days are projections.",
    domain="chips",
    licence=LICENCE,
    credit=CREDIT,
    homepage_url="https://epoch.ai/data/data_centers/data_centers.zip",
    cadence="quarterly",
    max_age_days=400,
    files=(PATH,),
    # Epoch drops about 7% of the rows in a month, as estimates change.
    live=Live(
        BASE_URL,
        (Request(ARCHIVE, "/data/data_centers/data_centers.zip", ZIP, max_bytes=50 * MEGABYTE),),
        parse_live,
        tested_on="recorded",
        max_lost_share=0.15,
    ),
    parse=parse,
    key=("site", "milestone_on", "milestone"),
    columns={
        "site": text(),
        "milestone_on": day(),
        "milestone": text(),
        "power_mw": amount(nullable=True, high=100_000),
        "h100e": amount(nullable=True, high=1e9),
        "buildings_operational": amount(nullable=True, high=1000),
        "capital_cost_usd_bn_2025": amount(nullable=True, high=10_000),
        "compute_cost_usd_bn_2025": amount(nullable=True, high=10_000),
    },
)
