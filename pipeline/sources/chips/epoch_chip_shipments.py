"""Epoch AI, AI chip sales: chips shipped by designer, type and quarter, estimated with intervals."""

from pipeline.sources.epoch import chip_sales_source

FILES = {
    "nvidia_calendar_quarter_chip_timelines": "calendar",
    "nvidia_fiscal_quarter_chip_timelines": "fiscal",
    "amd_chip_timelines": "calendar",
    "tpu_calendar_quarter_chip_timelines": "calendar",
    "tpu_fiscal_quarter_chip_timelines": "fiscal",
    "trainium_chip_timelines": "calendar",
}

SOURCE = chip_sales_source(
    {f"csv_export/{name}": kind for name, kind in FILES.items()},
    "ai_chip_sales.zip",
    "timelines_by_chip.csv",
    "sales, {estimate_vintage}, {chip_type}",
    "chip_type",
    "period_kind",
    power=True,
    title="Epoch AI: AI chip sales by chip type and quarter",
    description="Units and H100-equivalents (by 8-bit rate) with 5th and 95th percentiles. The newest quarter of a "
    "vintage is incomplete and marked. Estimates, not disclosures.",
    required=True,
    key=("estimate_vintage", "period_kind", "designer", "chip_type", "period_start"),
)
