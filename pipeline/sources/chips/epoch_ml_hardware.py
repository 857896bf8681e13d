"""Epoch AI, Machine Learning Hardware: specifications of accelerators."""

from pipeline.sources.base import Provenance, Source, amount, day, text
from pipeline.sources.epoch import BASE_URL, CREDIT, LICENCE
from pipeline.sources.live import CSV, MEGABYTE, Live, Request

PATH = "epoch_ml_hardware/ml_hardware.csv"

SOURCE = Source(
    title="Epoch AI: Machine Learning Hardware",
    description="Dense peak rates per precision, memory, bandwidth and power of AI accelerators. Rates are in FLOP/s "
    "or OP/s, memory in bytes, as upstream gives them.",
    licence=LICENCE,
    credit=CREDIT,
    homepage_url="https://epoch.ai/data/machine-learning-hardware",
    cadence="monthly",
    required=True,
    files=(PATH,),
    live=Live(BASE_URL, (Request(PATH, "/data/ml_hardware.csv", CSV, max_bytes=20 * MEGABYTE),), tested_on="recorded"),
    key=("name",),
    # An accelerator is known from its release date, else from the day of the file (the stored copy's SOURCE.md).
    provenance=Provenance(
        "Epoch AI, Machine Learning Hardware, {Hardware name}",
        confidence="quoted",
        reported_on="{Release date}",
        url="{Link to datasheet}",
        released="2026-07-23",
        otherwise_basis="snapshot",
    ),
    # Where upstream read a release price: the first address of its note, which may say more.
    tidy=lambda listed: listed.assign(
        release_price_url=listed["Source for the price"].str.extract(r"(https?://\S+)", expand=False)
    ),
    columns={
        "name": text(source="Hardware name"),
        "manufacturer": text(nullable=True, source="Manufacturer"),
        "chip_kind": text(nullable=True, source="Type"),
        "release_date": day(nullable=True, source="Release date"),
        "release_price_usd": amount(nullable=True, high=10_000_000, source="Release price (USD)"),
        "release_price_url": text(nullable=True),
        "tensor_16bit_flop_per_s": amount(nullable=True, high=1e18, source="Tensor-FP16/BF16 performance (FLOP/s)"),
        "fp16_flop_per_s": amount(nullable=True, high=1e18, source="FP16 (half precision) performance (FLOP/s)"),
        "fp8_flop_per_s": amount(nullable=True, high=1e18, source="FP8 performance (FLOP/s)"),
        "fp4_flop_per_s": amount(nullable=True, high=1e18, source="FP4 performance (FLOP/s)"),
        "int8_op_per_s": amount(nullable=True, high=1e18, source="INT8 performance (OP/s)"),
        "int4_op_per_s": amount(nullable=True, high=1e18, source="INT4 performance (OP/s)"),
        "fp32_flop_per_s": amount(nullable=True, high=1e18, source="FP32 (single precision) performance (FLOP/s)"),
        "memory_bandwidth_bytes_per_s": amount(nullable=True, high=1e17, source="Memory bandwidth (byte/s)"),
        "memory_bytes": amount(nullable=True, high=1e14, source="Memory (bytes)"),
        "tdp_w": amount(nullable=True, high=30_000, source="TDP (W)"),
        "process_nm": amount(nullable=True, high=1000, source="Process size (nm)"),
        "foundry": text(nullable=True, source="Foundry"),
    },
)
