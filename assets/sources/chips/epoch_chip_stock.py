"""Epoch AI, AI chip sales: cumulative chips sold per designer, with power."""

from __future__ import annotations

import pandas as pd

from assets.sources.base import Source, Upstream, day, flag, text, with_provenance
from assets.sources.epoch import (
    CHIP_SALES_FOLDER,
    CHIP_SALES_RELEASED,
    CHIP_SALES_VINTAGE,
    CREDIT,
    DESIGNER,
    ESTIMATES,
    POWER,
    chip_sales,
)

FILES = tuple(
    f"{CHIP_SALES_FOLDER}/csv_export/{name}_cumulative_totals.csv" for name in ("nvidia", "amd", "tpu", "trainium")
)


def parse(upstream: Upstream) -> pd.DataFrame:
    """One row per designer and quarter end: everything sold since the first quarter that Epoch covers."""
    rows = pd.concat([chip_sales(upstream, path) for path in FILES], ignore_index=True)
    return with_provenance(
        rows.drop(columns=["owner", "chip_type"]),
        upstream,
        citation="Epoch AI, AI chip sales, cumulative, " + CHIP_SALES_VINTAGE + ", " + rows["designer"],
        reported_on=CHIP_SALES_RELEASED,
        basis="release",
        confidence="estimate",
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
    max_age_days=250,
    files=FILES,
    parse=parse,
    key=("estimate_vintage", "designer", "period_end"),
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
