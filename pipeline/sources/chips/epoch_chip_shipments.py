"""Epoch AI, AI chip sales: chips shipped by designer, type and quarter, estimated with intervals."""

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

# File -> whether its quarters are those of the calendar or the designer's fiscal ones.
FILES = {
    f"{CHIP_SALES_FOLDER}/csv_export/{name}.csv": kind
    for name, kind in {
        "nvidia_calendar_quarter_chip_timelines": "calendar",
        "nvidia_fiscal_quarter_chip_timelines": "fiscal",
        "amd_chip_timelines": "calendar",
        "tpu_calendar_quarter_chip_timelines": "calendar",
        "tpu_fiscal_quarter_chip_timelines": "fiscal",
        "trainium_chip_timelines": "calendar",
    }.items()
}

SOURCE = Source(
    id="epoch_chip_shipments",
    title="Epoch AI: AI chip sales by chip type and quarter",
    description="Units and H100-equivalents (by 8-bit rate) with 5th and 95th percentiles. The newest quarter of a "
    "vintage is incomplete and marked. Estimates, not disclosures.",
    domain="chips",
    licence="MIT (repository), CC BY 4.0 (data hub)",
    credit=CREDIT,
    homepage_url="https://epoch.ai/data/ai_chip_sales.zip",
    cadence="quarterly",
    required=True,
    files=tuple(FILES),
    live=live_chip_sales("ai_chip_sales.zip", "timelines_by_chip.csv"),
    parse=stored_chip_sales(FILES),
    key=("estimate_vintage", "period_kind", "designer", "chip_type", "period_start"),
    provenance=Provenance(
        "Epoch AI, AI chip sales, {estimate_vintage}, {chip_type}",
        confidence="estimate",
        reported_on="{released}",
    ),
    columns={
        "designer": DESIGNER,
        "chip_type": text(),
        "period_kind": text(choices=("calendar", "fiscal")),
        "period_start": day(),
        "period_end": day(),
        **ESTIMATES,
        **POWER,
        "is_incomplete": flag(),
        "estimate_vintage": text(),
    },
)
