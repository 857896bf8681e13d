"""Epoch AI, GPU Clusters: known AI clusters and supercomputers, existing and planned."""

from __future__ import annotations

import pandas as pd

from pipeline.sources.base import (
    Source,
    Upstream,
    amount,
    day,
    iso_dates,
    last_days,
    numbered,
    pick,
    text,
    with_provenance,
)
from pipeline.sources.epoch import BASE_URL, CREDIT, LICENCE
from pipeline.sources.live import CSV, MEGABYTE, Live, Request

PATH = "epoch_gpu_clusters/gpu_clusters.csv"
# Day of the stored copy, from its SOURCE.md.
RELEASED = "2025-12-14"

UPSTREAM = {
    "name": "Name",
    "status": "Status",
    "certainty": "Certainty",
    "owner": "Owner",
    "country": "Country",
    "sector": "Sector",
    "first_operational_on": "First Operational Date",
    "chip_type": "Chip type (primary)",
    "chips": "Total number of AI chips",
    "h100e": "H100 equivalents",
    "power_mw": "Power Capacity (MW)",
    "cost_usd": "Hardware Cost",
    "in_standard_analysis": "Include in Standard Analysis",
    "possible_duplicate": "Possible Duplicate",
    "source_url": "Source 1",
}


def parse(upstream: Upstream) -> pd.DataFrame:
    """One row per cluster; names recur upstream, so `row_id` numbers those of one name."""
    listed = upstream.csv(PATH)
    rows = pick(listed, UPSTREAM, "epoch_gpu_clusters")
    rows["first_operational_on"] = last_days(iso_dates(rows["first_operational_on"]))
    for name in ("in_standard_analysis", "possible_duplicate"):
        rows[name] = rows[name].eq("TRUE").fillna(False).map({True: "yes", False: "no"})
    # Clusters without a name are told apart by their place alone; any other that comes twice repeats its key.
    place = rows.groupby("name").cumcount().add(1).astype("string")
    rows.insert(1, "row_id", place.where(rows["name"].str.startswith("Anonymized"), numbered(listed, ["Name"])))
    return with_provenance(
        rows.drop(columns="source_url"),
        upstream,
        citation="Epoch AI, GPU Clusters, " + rows["name"],
        url=rows["source_url"].str.split().str[0],
        reported_on=upstream.day(PATH, RELEASED),
        basis="release",
        confidence="estimate",
    )


SOURCE = Source(
    id="epoch_gpu_clusters",
    title="Epoch AI: GPU Clusters",
    description="Chips, H100-equivalents, megawatts and cost of AI clusters. Holds plans and rumours: filter on status, "
    "certainty and in_standard_analysis before any sum.",
    domain="chips",
    licence=LICENCE,
    credit=CREDIT,
    homepage_url="https://epoch.ai/data/gpu_clusters.csv",
    cadence="quarterly",
    max_age_days=400,
    files=(PATH,),
    live=Live(
        BASE_URL, (Request(PATH, "/data/gpu_clusters.csv", CSV, max_bytes=20 * MEGABYTE),), parse, tested_on="recorded"
    ),
    parse=parse,
    key=("name", "row_id"),
    columns={
        "name": text(),
        "row_id": text(),
        "status": text(choices=("Planned", "Existing", "Decommissioned")),
        "certainty": text(choices=("Unlikely", "Likely", "Confirmed")),
        "owner": text(nullable=True),
        "country": text(nullable=True),
        "sector": text(nullable=True),
        "first_operational_on": day(nullable=True),
        "chip_type": text(nullable=True),
        "chips": amount(nullable=True, high=1e8),
        "h100e": amount(nullable=True, high=1e9),
        "power_mw": amount(nullable=True, high=100_000),
        "cost_usd": amount(nullable=True, high=1e13),
        "in_standard_analysis": text(choices=("yes", "no")),
        "possible_duplicate": text(choices=("yes", "no")),
    },
)
