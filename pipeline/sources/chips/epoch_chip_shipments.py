"""Epoch AI, AI chip sales: chips shipped by designer, type and quarter, estimated with intervals."""

from __future__ import annotations

import pandas as pd

from pipeline.sources.base import Provenance, Source, Upstream, day, flag, text
from pipeline.sources.epoch import (
    BASE_URL,
    CHIP_SALES_FOLDER,
    CHIP_SALES_RELEASED,
    CHIP_SALES_ZIP,
    CREDIT,
    DESIGNER,
    ESTIMATES,
    POWER,
    chip_sales,
    member,
)
from pipeline.sources.live import Live

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

MEMBER = "timelines_by_chip.csv"


def parse(upstream: Upstream) -> pd.DataFrame:
    """One row per designer, chip type and quarter, calendar and fiscal quarters apart."""
    parts = [chip_sales(upstream, path).assign(period_kind=kind) for path, kind in FILES.items()]
    return pd.concat(parts, ignore_index=True).assign(released=CHIP_SALES_RELEASED)


def parse_live(upstream: Upstream) -> pd.DataFrame:
    """The published archive: one file for all designers, calendar quarters, of the vintage that the file says."""
    found = member(upstream, CHIP_SALES_ZIP.name, MEMBER)
    return chip_sales(found, MEMBER).assign(period_kind="calendar", released=found.day(MEMBER))


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
    # A later file is another vintage: it never replaces the rows of an earlier one.
    live=Live(BASE_URL, (CHIP_SALES_ZIP,), parse_live, tested_on="documentation", whole=False),
    parse=parse,
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
