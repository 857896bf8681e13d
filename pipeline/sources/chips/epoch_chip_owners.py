"""Epoch AI, AI chip owners: who bought the chips, by quarter and type."""

from pipeline.sources.base import Provenance, Source, day, flag, text
from pipeline.sources.epoch import (
    CHIP_SALES_FOLDER,
    CREDIT,
    DESIGNER,
    ESTIMATES,
    live_chip_sales,
    stored_chip_sales,
)

FILES = dict.fromkeys(
    (
        f"{CHIP_SALES_FOLDER}/owners_csv_export/{name}_quarters_by_chip.csv"
        for name in ("nvidia_owners", "nvidia_owners_OTHER", "amd_owners", "tpu_owners", "trainium_owners")
    ),
    "calendar",
)

SOURCE = Source(
    id="epoch_chip_owners",
    title="Epoch AI: AI chip owners by quarter",
    description="Units and H100-equivalents (8-bit) that each large owner bought per quarter and chip type, 5/50/95 %.",
    domain="chips",
    licence="MIT (repository), CC BY 4.0 (data hub)",
    credit=CREDIT,
    homepage_url="https://epoch.ai/data/ai_chip_owners.zip",
    cadence="quarterly",
    files=tuple(FILES),
    live=live_chip_sales("ai_chip_owners.zip", "quarters_by_chip_type.csv"),
    parse=stored_chip_sales(FILES),
    key=("estimate_vintage", "designer", "owner", "chip_type", "period_start"),
    provenance=Provenance(
        "Epoch AI, AI chip owners, {estimate_vintage}, {owner} {chip_type}",
        confidence="estimate",
        reported_on="{released}",
    ),
    columns={
        "designer": DESIGNER,
        "owner": text(),
        "chip_type": text(),
        "period_start": day(),
        "period_end": day(),
        **ESTIMATES,
        "is_incomplete": flag(),
        "estimate_vintage": text(),
    },
)
