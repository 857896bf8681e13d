"""Epoch AI, AI chip owners: who bought the chips, by quarter and type."""

from pipeline.sources.epoch import chip_sales_source

OWNERS = ("nvidia_owners", "nvidia_owners_OTHER", "amd_owners", "tpu_owners", "trainium_owners")

SOURCE = chip_sales_source(
    {f"owners_csv_export/{name}_quarters_by_chip": "calendar" for name in OWNERS},
    "ai_chip_owners.zip",
    "quarters_by_chip_type.csv",
    "owners, {estimate_vintage}, {owner} {chip_type}",
    "owner",
    "chip_type",
    title="Epoch AI: AI chip owners by quarter",
    description="Units and H100-equivalents (8-bit) that each large owner bought per quarter and chip type, 5/50/95 %.",
    key=("estimate_vintage", "designer", "owner", "chip_type", "period_start"),
)
