"""Epoch AI, AI Models: training compute, parameters and hardware of notable, frontier and large-scale models."""

from __future__ import annotations

import pandas as pd

from pipeline.sources.base import Source, Upstream, amount, day, pick, text, with_provenance
from pipeline.sources.epoch import BASE_URL, CREDIT, LICENCE
from pipeline.sources.live import CSV, MEGABYTE, Live, Request

# File -> its collection and the day of the stored copy, from SOURCE.md; the newest first.
FILES = {
    "epoch_ai_models/notable_ai_models.csv": ("notable", "2026-07-23"),
    "epoch_ai_models/frontier_ai_models.csv": ("frontier", "2026-04-22"),
    "epoch_ai_models/large_scale_ai_models_2025-12.csv": ("large_scale", "2025-12-02"),
}

ADDRESSES = ("/data/notable_ai_models.csv", "/data/frontier_ai_models.csv", "/data/large_scale_ai_models.csv")

UPSTREAM = {
    "model": "Model",
    "organisation": "Organization",
    "published_on": "Publication date",
    "domain": "Domain",
    "parameters": "Parameters",
    "training_flop": "Training compute (FLOP)",
    "training_hardware": "Training hardware",
    "hardware_quantity": "Hardware quantity",
    "training_hours": "Training time (hours)",
    "mfu_share": "Hardware utilization (MFU)",
    "accessibility": "Model accessibility",
    "certainty": "Confidence",
    "base_model": "Base model",
    "source_url": "Link",
}


def parse(upstream: Upstream) -> pd.DataFrame:
    """One row per collection and model. The estimates became known with the file, not with the model."""
    parts = []
    for path, (collection, released) in FILES.items():
        part = pick(upstream.csv(path), UPSTREAM, "epoch_models")
        parts.append(part.assign(collection=collection, released=upstream.day(path, released)))
    rows = pd.concat(parts, ignore_index=True)
    words = {"Confident": "verified", "Likely": "estimate", "Speculative": "estimate", "Unknown": "estimate"}
    return with_provenance(
        rows.drop(columns=["source_url", "released"]),
        upstream,
        citation="Epoch AI, AI Models, " + rows["collection"] + ", " + rows["model"],
        url=rows["source_url"].str.split().str[0],
        reported_on=rows["released"],
        basis="release",
        confidence=rows["certainty"].map(words).fillna("estimate"),
    )


SOURCE = Source(
    id="epoch_models",
    title="Epoch AI: AI Models",
    description="Training FLOP, parameters, hardware and utilisation of notable, frontier and large-scale models.",
    domain="usage",
    licence=LICENCE,
    credit=CREDIT,
    homepage_url="https://epoch.ai/data/notable_ai_models.csv",
    cadence="weekly",
    max_age_days=180,
    required=True,
    files=tuple(FILES),
    live=Live(
        BASE_URL,
        tuple(
            Request(path, address, CSV, max_bytes=30 * MEGABYTE) for path, address in zip(FILES, ADDRESSES, strict=True)
        ),
        parse,
        tested_on="recorded",
    ),
    parse=parse,
    key=("collection", "model"),
    columns={
        "collection": text(choices=("notable", "frontier", "large_scale")),
        "model": text(),
        "organisation": text(nullable=True),
        "published_on": day(nullable=True, past=True),
        "domain": text(nullable=True),
        "parameters": amount(nullable=True, high=1e15),
        "training_flop": amount(nullable=True, high=1e29),
        "training_hardware": text(nullable=True),
        "hardware_quantity": amount(nullable=True, high=1e7),
        "training_hours": amount(nullable=True, high=1e6),
        "mfu_share": amount(nullable=True, high=1),
        "accessibility": text(nullable=True),
        "certainty": text(nullable=True),
        "base_model": text(nullable=True),
    },
)
