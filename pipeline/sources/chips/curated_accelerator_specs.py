"""Accelerators that Epoch's hardware table lacks, gathered for this project from datasheets."""

from __future__ import annotations

import pandas as pd

from pipeline.sources.base import Source, Upstream, amount, confidence_words, day, pick, text, with_provenance

PATH = "curated_facts/accelerator_specs_extra.csv"

UPSTREAM = {
    "name": "accelerator",
    "designer": "designer",
    "release_date": "release_date",
    "flops_16bit_per_s": "flops_16bit_dense",
    "ops_8bit_per_s": "ops_8bit_dense",
    "ops_4bit_per_s": "ops_4bit_dense",
    "memory_gb": "memory_gb",
    "memory_bandwidth_tb_s": "memory_bandwidth_tb_s",
    "tdp_w": "tdp_w",
}


def parse(upstream: Upstream) -> pd.DataFrame:
    """One row per accelerator. A rate marked as marketed with sparsity is left out: it is not dense."""
    raw = upstream.csv(PATH)
    rows = pick(raw, UPSTREAM, "curated_accelerator_specs")
    sparse = raw["note"].str.contains("sparse").fillna(False)
    rows.loc[sparse, ["flops_16bit_per_s", "ops_8bit_per_s", "ops_4bit_per_s"]] = pd.NA
    return with_provenance(
        rows,
        upstream,
        citation=raw["source"] + ", " + raw["accelerator"],
        reported_on=raw["reported_on"],
        basis="release",
        confidence=confidence_words(raw["confidence"]),
    )


SOURCE = Source(
    id="curated_accelerator_specs",
    title="Gathered accelerator specifications",
    description="Dense rates, memory, bandwidth and power of accelerators missing elsewhere (L40S, WSE-3, TPU 8).",
    domain="chips",
    licence="facts with attribution",
    credit="",
    cadence="by hand",
    max_age_days=1000,
    files=(PATH,),
    parse=parse,
    key=("name",),
    columns={
        "name": text(),
        "designer": text(),
        "release_date": day(nullable=True),
        "flops_16bit_per_s": amount(nullable=True, high=1e18),
        "ops_8bit_per_s": amount(nullable=True, high=1e18),
        "ops_4bit_per_s": amount(nullable=True, high=1e18),
        "memory_gb": amount(nullable=True, high=100_000),
        "memory_bandwidth_tb_s": amount(nullable=True, high=100_000),
        "tdp_w": amount(nullable=True, high=30_000),
    },
)
