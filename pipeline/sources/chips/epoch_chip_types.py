"""Epoch AI, AI chip sales: the chip types that its shipment estimates speak of."""

from __future__ import annotations

import pandas as pd

from pipeline.sources.base import Source, Upstream, amount, day, pick, text, with_provenance
from pipeline.sources.epoch import CREDIT

PATH = "epoch_chip_sales/chip_types.csv"
# Day on which upstream generated the file, from SOURCE.md.
RELEASED = "2026-09-24"

COLUMNS = {
    "chip_type": text(),
    "designer": text(),
    "release_date": day(nullable=True),
    "ops_8bit_per_s": amount(nullable=True, high=1e18),
    "flops_16bit_per_s": amount(nullable=True, high=1e18),
    "tdp_w": amount(nullable=True, high=30_000),
    "tdp_w_unofficial": amount(nullable=True, high=30_000),
    "approx_cost_usd": amount(nullable=True, high=10_000_000),
    "memory_gb": amount(nullable=True, high=100_000),
    "memory_bandwidth_tb_s": amount(nullable=True, high=100_000),
}
# The costs are estimates and became known with the file, not with the chip.
COST_DAY = {"cost_estimated_on": day()}


def parse(upstream: Upstream) -> pd.DataFrame:
    """One row per chip type; the rates are dense and are known from the release date."""
    rows = pick(upstream.csv(PATH), {name: name for name in COLUMNS}, "epoch_chip_types")
    return with_provenance(
        rows.assign(cost_estimated_on=RELEASED),
        upstream,
        citation="Epoch AI, AI chip sales, chip types, " + rows["chip_type"],
        reported_on=rows["release_date"].fillna(RELEASED),
        basis=rows["release_date"].notna().map({True: "release", False: "snapshot"}),
        confidence="quoted",
    )


SOURCE = Source(
    id="epoch_chip_types",
    title="Epoch AI: chip types of the chip-sales estimates",
    description="8-bit and 16-bit dense rates, power, memory and approximate cost of the chip types whose shipments "
    'Epoch estimates. "B200" stands for GB200 and "B300" for GB300 systems.',
    domain="chips",
    licence="MIT (repository), CC BY 4.0 (data hub)",
    credit=CREDIT,
    homepage_url="https://epoch.ai/data/ai_chip_sales.zip",
    cadence="quarterly",
    max_age_days=200,
    required=True,
    files=(PATH,),
    parse=parse,
    key=("chip_type",),
    columns={**COLUMNS, **COST_DAY},
)
