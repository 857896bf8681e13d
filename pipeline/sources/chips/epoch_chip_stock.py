"""Epoch AI, AI chip sales: cumulative chips sold per designer, with power."""

from pipeline.sources.epoch import chip_sales_source

SOURCE = chip_sales_source(
    {f"csv_export/{name}_cumulative_totals": "calendar" for name in ("nvidia", "amd", "tpu", "trainium")},
    "ai_chip_sales.zip",
    "cumulative_timelines_by_designer.csv",
    "sales, cumulative, {estimate_vintage}, {designer}",
    power=True,
    title="Epoch AI: cumulative AI chips sold per designer",
    description="Units, H100-equivalents (8-bit) and megawatts sold up to each quarter's end, 5/50/95 %. No chip is "
    "retired in these totals.",
    key=("estimate_vintage", "designer", "period_end"),
)
