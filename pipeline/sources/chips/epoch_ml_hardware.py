"""Epoch AI, Machine Learning Hardware: specifications of accelerators."""

from __future__ import annotations

import pandas as pd

from pipeline.sources.base import Source, Upstream, amount, day, pick, text, with_provenance
from pipeline.sources.epoch import BASE_URL, CREDIT, LICENCE
from pipeline.sources.live import CSV, MEGABYTE, Live, Request

PATH = "epoch_ml_hardware/ml_hardware.csv"
# Day of the stored copy, from its SOURCE.md.
RELEASED = "2026-07-23"

UPSTREAM = {
    "name": "Hardware name",
    "manufacturer": "Manufacturer",
    "chip_kind": "Type",
    "release_date": "Release date",
    "release_price_usd": "Release price (USD)",
    "tensor_16bit_flop_per_s": "Tensor-FP16/BF16 performance (FLOP/s)",
    "fp16_flop_per_s": "FP16 (half precision) performance (FLOP/s)",
    "fp8_flop_per_s": "FP8 performance (FLOP/s)",
    "fp4_flop_per_s": "FP4 performance (FLOP/s)",
    "int8_op_per_s": "INT8 performance (OP/s)",
    "int4_op_per_s": "INT4 performance (OP/s)",
    "fp32_flop_per_s": "FP32 (single precision) performance (FLOP/s)",
    "memory_bytes": "Memory (bytes)",
    "memory_bandwidth_bytes_per_s": "Memory bandwidth (byte/s)",
    "tdp_w": "TDP (W)",
    "process_nm": "Process size (nm)",
    "foundry": "Foundry",
    "datasheet_url": "Link to datasheet",
}


def parse(upstream: Upstream) -> pd.DataFrame:
    """One row per accelerator, known from its release date, else from the day of the file."""
    rows = pick(upstream.csv(PATH), UPSTREAM, "epoch_ml_hardware")
    released = upstream.day(PATH, RELEASED)
    known = rows["release_date"].where(rows["release_date"] <= released)
    return with_provenance(
        rows.drop(columns="datasheet_url"),
        upstream,
        citation="Epoch AI, Machine Learning Hardware, " + rows["name"],
        url=rows["datasheet_url"].str.split().str[0],
        reported_on=known.fillna(released),
        basis=known.notna().map({True: "release", False: "snapshot"}),
        confidence="quoted",
    )


SPEED = {name: amount(nullable=True, high=1e18) for name in UPSTREAM if name.endswith("_per_s")}

SOURCE = Source(
    id="epoch_ml_hardware",
    title="Epoch AI: Machine Learning Hardware",
    description="Dense peak rates per precision, memory, bandwidth and power of AI accelerators. Rates are in FLOP/s "
    "or OP/s, memory in bytes, as upstream gives them.",
    domain="chips",
    licence=LICENCE,
    credit=CREDIT,
    homepage_url="https://epoch.ai/data/machine-learning-hardware",
    cadence="monthly",
    max_age_days=180,
    required=True,
    files=(PATH,),
    live=Live(
        BASE_URL, (Request(PATH, "/data/ml_hardware.csv", CSV, max_bytes=20 * MEGABYTE),), parse, tested_on="recorded"
    ),
    parse=parse,
    key=("name",),
    columns={
        "name": text(),
        "manufacturer": text(nullable=True),
        "chip_kind": text(nullable=True),
        "release_date": day(nullable=True),
        "release_price_usd": amount(nullable=True, high=10_000_000),
        **SPEED,
        "memory_bytes": amount(nullable=True, high=1e14),
        "memory_bandwidth_bytes_per_s": amount(nullable=True, high=1e17),
        "tdp_w": amount(nullable=True, high=30_000),
        "process_nm": amount(nullable=True, high=1000),
        "foundry": text(nullable=True),
    },
)
