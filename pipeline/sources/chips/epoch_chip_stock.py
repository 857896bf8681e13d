"""Epoch AI, AI chip sales: cumulative chips sold per designer, with power."""

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

FILES = tuple(
    f"{CHIP_SALES_FOLDER}/csv_export/{name}_cumulative_totals.csv" for name in ("nvidia", "amd", "tpu", "trainium")
)

MEMBER = "cumulative_timelines_by_designer.csv"


def parse(upstream: Upstream) -> pd.DataFrame:
    """One row per designer and quarter end: everything sold since the first quarter that Epoch covers."""
    rows = pd.concat([chip_sales(upstream, path) for path in FILES], ignore_index=True)
    return rows.assign(released=CHIP_SALES_RELEASED)


def parse_live(upstream: Upstream) -> pd.DataFrame:
    """The published archive: one file for all designers, of the vintage that the file says."""
    found = member(upstream, CHIP_SALES_ZIP.name, MEMBER)
    return chip_sales(found, MEMBER).assign(released=found.day(MEMBER))


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
    files=FILES,
    # A later file is another vintage: it never replaces the rows of an earlier one.
    live=Live(BASE_URL, (CHIP_SALES_ZIP,), parse_live, tested_on="documentation", whole=False),
    parse=parse,
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
