"""Epoch AI, GPU Clusters: known AI clusters and supercomputers, existing and planned."""

import pandas as pd

from pipeline.sources.base import Provenance, Source, amount, day, numbered, text
from pipeline.sources.epoch import BASE_URL, CREDIT, LICENCE
from pipeline.sources.live import CSV, MEGABYTE, Live, Request

PATH = "epoch_gpu_clusters/gpu_clusters.csv"
YES_NO = {"in_standard_analysis": "Include in Standard Analysis", "possible_duplicate": "Possible Duplicate"}


def tidy(listed: pd.DataFrame) -> pd.DataFrame:
    """Names recur upstream, so `row_id` numbers the clusters of one name."""
    # Clusters without a name are told apart by their place alone; any other that comes twice repeats its key.
    place = listed.groupby("Name").cumcount().add(1).astype("string")
    row_id = place.where(listed["Name"].str.startswith("Anonymized"), numbered(listed, ["Name"]))
    words = {new: listed[old].eq("TRUE").fillna(False).map({True: "yes", False: "no"}) for new, old in YES_NO.items()}
    return listed.assign(row_id=row_id, **words)


SOURCE = Source(
    title="Epoch AI: GPU Clusters",
    description="Chips, H100-equivalents, megawatts and cost of AI clusters. Holds plans and rumours: filter on status, "
    "certainty and in_standard_analysis before any sum.",
    licence=LICENCE,
    credit=CREDIT,
    homepage_url="https://epoch.ai/data/gpu_clusters.csv",
    cadence="quarterly",
    files=(PATH,),
    live=Live(BASE_URL, (Request(PATH, "/data/gpu_clusters.csv", CSV, max_bytes=20 * MEGABYTE),), tested_on="recorded"),
    key=("name", "row_id"),
    # The release is the day of the stored copy, from its SOURCE.md.
    provenance=Provenance(
        "Epoch AI, GPU Clusters, {Name}", confidence="estimate", url="{Source 1}", released="2025-12-14"
    ),
    tidy=tidy,
    columns={
        "name": text(source="Name"),
        "row_id": text(),
        "status": text(choices=("Planned", "Existing", "Decommissioned"), source="Status"),
        "certainty": text(choices=("Unlikely", "Likely", "Confirmed"), source="Certainty"),
        "owner": text(nullable=True, source="Owner"),
        "country": text(nullable=True, source="Country"),
        "sector": text(nullable=True, source="Sector"),
        "first_operational_on": day(nullable=True, source="First Operational Date", last=True),
        "chip_type": text(nullable=True, source="Chip type (primary)"),
        "first_chips": amount(nullable=True, high=1e8, source="Chip quantity (primary)"),
        "second_chip_type": text(nullable=True, source="Chip type (secondary)"),
        "second_chips": amount(nullable=True, high=1e8, source="Chip quantity (secondary)"),
        "chips": amount(nullable=True, high=1e8, source="Total number of AI chips"),
        "h100e": amount(nullable=True, high=1e9, source="H100 equivalents"),
        "power_mw": amount(nullable=True, high=100_000, source="Power Capacity (MW)"),
        "cost_usd": amount(nullable=True, high=1e13, source="Hardware Cost"),
        "in_standard_analysis": text(choices=("yes", "no")),
        "possible_duplicate": text(choices=("yes", "no")),
    },
)
