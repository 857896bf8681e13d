"""Epoch AI, AI chip sales: the chip types that its shipment estimates speak of."""

from pipeline.sources.base import Provenance, Source, amount, day, text
from pipeline.sources.epoch import CREDIT

# Day on which upstream generated the file, from its SOURCE.md.
RELEASED = "2026-09-24"

SOURCE = Source(
    title="Epoch AI: chip types of the chip-sales estimates",
    description="8-bit and 16-bit dense rates, power, memory and approximate cost of the chip types whose shipments "
    'Epoch estimates. "B200" stands for GB200 and "B300" for GB300 systems.',
    licence="MIT (repository), CC BY 4.0 (data hub)",
    credit=CREDIT,
    homepage_url="https://epoch.ai/data/ai_chip_sales.zip",
    cadence="quarterly",
    required=True,
    files=("epoch_chip_sales/chip_types.csv",),
    key=("chip_type",),
    provenance=Provenance(
        "Epoch AI, AI chip sales, chip types, {chip_type}",
        confidence="quoted",
        reported_on="{release_date}",
        released=RELEASED,
        otherwise_basis="snapshot",
    ),
    # The costs are estimates and became known with the file, not with the chip.
    tidy=lambda listed: listed.assign(cost_estimated_on=RELEASED),
    columns={
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
        "cost_estimated_on": day(),
    },
)
