"""Epoch AI, AI chip owners: who bought the chips, by quarter and type."""

from __future__ import annotations

import pandas as pd

from pipeline.sources.base import Provenance, Source, Upstream, day, flag, text
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
    return rows.assign(released=CHIP_SALES_RELEASED)


def parse_live(upstream: Upstream) -> pd.DataFrame:
    """The published archive: one file for all designers, of the vintage that the file says."""
    found = member(upstream, CHIP_OWNERS_ZIP.name, MEMBER)
    return chip_sales(found, MEMBER).assign(released=found.day(MEMBER))


SOURCE = Source(
    id="epoch_chip_owners",
    title="Epoch AI: AI chip owners by quarter",
    description="Units and H100-equivalents (8-bit) that each large owner bought per quarter and chip type, 5/50/95 %.",
    domain="chips",
    licence="MIT (repository), CC BY 4.0 (data hub)",
    credit=CREDIT,
    homepage_url="https://epoch.ai/data/ai_chip_owners.zip",
    cadence="quarterly",
    files=FILES,
    # A later file is another vintage: it never replaces the rows of an earlier one.
    live=Live(BASE_URL, (CHIP_OWNERS_ZIP,), parse_live, tested_on="documentation", whole=False),
    parse=parse,
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
