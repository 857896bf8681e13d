"""Epoch AI, AI chip owners: who bought the chips, by quarter and type."""

from __future__ import annotations

import pandas as pd

from pipeline.sources.base import Source, Upstream, day, flag, text, with_provenance
from pipeline.sources.epoch import (
    BASE_URL,
    CHIP_OWNERS_ZIP,
    CHIP_SALES_FOLDER,
    CHIP_SALES_RELEASED,
    CREDIT,
    DESIGNER,
    ESTIMATES,
    chip_sales,
    member,
)
from pipeline.sources.live import Live

FILES = tuple(
    f"{CHIP_SALES_FOLDER}/owners_csv_export/{name}_quarters_by_chip.csv"
    for name in ("nvidia_owners", "nvidia_owners_OTHER", "amd_owners", "tpu_owners", "trainium_owners")
)

MEMBER = "quarters_by_chip_type.csv"


def parse(upstream: Upstream) -> pd.DataFrame:
    """One row per designer, owner, chip type and quarter."""
    rows = pd.concat([chip_sales(upstream, path) for path in FILES], ignore_index=True)
    return tidy(upstream, rows, CHIP_SALES_RELEASED)


def tidy(upstream: Upstream, rows: pd.DataFrame, released: str) -> pd.DataFrame:
    """The raw table out of the rows of one vintage."""
    rows = rows.drop(columns=[name for name in rows.columns if name.startswith("power_mw")])
    return with_provenance(
        rows,
        upstream,
        citation="Epoch AI, AI chip owners, "
        + rows["estimate_vintage"]
        + ", "
        + rows["owner"]
        + " "
        + rows["chip_type"],
        reported_on=released,
        basis="release",
        confidence="estimate",
    )


def parse_live(upstream: Upstream) -> pd.DataFrame:
    """The published archive: one file for all designers, of the vintage that the file says."""
    found = member(upstream, CHIP_OWNERS_ZIP.name, MEMBER)
    return tidy(found, chip_sales(found, MEMBER), found.day(MEMBER))


SOURCE = Source(
    id="epoch_chip_owners",
    title="Epoch AI: AI chip owners by quarter",
    description="Units and H100-equivalents (8-bit) that each large owner bought per quarter and chip type, 5/50/95 %.",
    domain="chips",
    licence="MIT (repository), CC BY 4.0 (data hub)",
    credit=CREDIT,
    homepage_url="https://epoch.ai/data/ai_chip_owners.zip",
    cadence="quarterly",
    max_age_days=250,
    files=FILES,
    # A later file is another vintage: it never replaces the rows of an earlier one.
    live=Live(BASE_URL, (CHIP_OWNERS_ZIP,), parse_live, tested_on="documentation", whole=False),
    parse=parse,
    key=("estimate_vintage", "designer", "owner", "chip_type", "period_start"),
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
