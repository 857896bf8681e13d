"""Epoch AI, AI Models: training compute, parameters and hardware of notable, frontier and large-scale models."""

import pandas as pd

from pipeline.sources.base import Provenance, Source, Upstream, amount, day, text
from pipeline.sources.epoch import BASE_URL, CREDIT, LICENCE
from pipeline.sources.live import CSV, MEGABYTE, Live, Request

# File -> its collection, the day of the stored copy, from SOURCE.md, and the live file; the newest first.
FILES = {
    "epoch_ai_models/notable_ai_models.csv": ("notable", "2026-07-23", "notable_ai_models"),
    "epoch_ai_models/frontier_ai_models.csv": ("frontier", "2026-04-22", "frontier_ai_models"),
    "epoch_ai_models/large_scale_ai_models_2025-12.csv": ("large_scale", "2025-12-02", "large_scale_ai_models"),
}


def parse(upstream: Upstream) -> pd.DataFrame:
    """The three collections below one another. The estimates became known with the file, not with the model."""
    parts = [
        upstream.csv(path).assign(collection=collection, released=upstream.day(path, released))
        for path, (collection, released, _) in FILES.items()
    ]
    return pd.concat(parts, ignore_index=True)


SOURCE = Source(
    title="Epoch AI: AI Models",
    description="Training FLOP, parameters, hardware and utilisation of notable, frontier and large-scale models.",
    licence=LICENCE,
    credit=CREDIT,
    homepage_url="https://epoch.ai/data/notable_ai_models.csv",
    cadence="weekly",
    required=True,
    files=tuple(FILES),
    live=Live(
        BASE_URL,
        tuple(Request(path, f"/data/{name}.csv", CSV, max_bytes=30 * MEGABYTE) for path, (*_, name) in FILES.items()),
        tested_on="recorded",
    ),
    parse=parse,
    key=("collection", "model"),
    provenance=Provenance(
        "Epoch AI, AI Models, {collection}, {Model}", confidence="estimate", reported_on="{released}", url="{Link}"
    ),
    columns={
        "collection": text(choices=("notable", "frontier", "large_scale")),
        "model": text(source="Model"),
        "organisation": text(nullable=True, source="Organization"),
        "published_on": day(nullable=True, past=True, source="Publication date"),
        "domain": text(nullable=True, source="Domain"),
        "parameters": amount(nullable=True, high=1e15, source="Parameters"),
        "training_flop": amount(nullable=True, high=1e29, source="Training compute (FLOP)"),
        "training_hardware": text(nullable=True, source="Training hardware"),
        "hardware_quantity": amount(nullable=True, high=1e7, source="Hardware quantity"),
        "training_hours": amount(nullable=True, high=1e6, source="Training time (hours)"),
        "mfu_share": amount(nullable=True, high=1, source="Hardware utilization (MFU)"),
        "accessibility": text(nullable=True, source="Model accessibility"),
        "certainty": text(nullable=True, source="Confidence"),
        "base_model": text(nullable=True, source="Base model"),
    },
)
