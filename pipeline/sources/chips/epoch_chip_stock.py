"""Epoch AI, AI chip sales: cumulative chips sold per designer, with power."""

from pipeline.sources.base import Provenance, Source, day, flag, text
from pipeline.sources.epoch import (
    CHIP_SALES_FOLDER,
    CREDIT,
    DESIGNER,
    ESTIMATES,
    POWER,
    live_chip_sales,
    stored_chip_sales,
)

FILES = dict.fromkeys(
    (f"{CHIP_SALES_FOLDER}/csv_export/{name}_cumulative_totals.csv" for name in ("nvidia", "amd", "tpu", "trainium")),
    "calendar",
)

SOURCE = Source(
    id="epoch_chip_stock",
    title="Epoch AI: cumulative AI chips sold per designer",
    description="Units, H100-equivalents (8-bit) and megawatts sold up to each quarter's end, 5/50/95 %. No chip is "
    "retired in these totals.",
    domain="chips",
    licence="MIT (repository), CC BY 4.0 (data hub)",
    credit=CREDIT,
    homepage_url="https://epoch.ai/data/ai_chip_sales.zip",
    cadence="quarterly",
    files=tuple(FILES),
    live=live_chip_sales("ai_chip_sales.zip", "cumulative_timelines_by_designer.csv"),
    parse=stored_chip_sales(FILES),
    key=("estimate_vintage", "designer", "period_end"),
    provenance=Provenance(
        "Epoch AI, AI chip sales, cumulative, {estimate_vintage}, {designer}",
        confidence="estimate",
        reported_on="{released}",
    ),
    columns={
        "designer": DESIGNER,
        "period_start": day(),
        "period_end": day(),
        **ESTIMATES,
        **POWER,
        "is_incomplete": flag(),
        "estimate_vintage": text(),
    },
)
