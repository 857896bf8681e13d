"""Epoch AI, hardware prices: dated purchase and cloud prices of accelerators, 2010 to 2025."""

import pandas as pd

from pipeline.sources.base import Provenance, Source, amount, day, text
from pipeline.sources.epoch import CREDIT


def tidy(listed: pd.DataFrame) -> pd.DataFrame:
    """Upstream's order tells observations apart; what names no source is recalled."""
    is_sourced = listed["Price source"].str.startswith("http").fillna(False)
    return listed.assign(
        row_id=[str(row) for row in range(1, len(listed) + 1)],
        confidence=is_sourced.map({True: "quoted", False: "recalled"}),
    )


SOURCE = Source(
    title="Epoch AI: hardware and cloud price observations",
    description="Purchase prices and hourly cloud prices of accelerators on dates from 2010 to 2025. List prices, not "
    "transactions. Vendor and chip names are as upstream writes them.",
    licence="CC BY 4.0",
    credit=CREDIT,
    cadence="ended 2025",
    files=("epoch_hardware_prices/hardware_prices.csv",),
    key=("row_id",),
    provenance=Provenance(
        "Epoch AI, hardware prices (2025-08-07), {Hardware model}",
        confidence="{confidence}",
        reported_on="{Price date}",
        basis="price_date",
        url="{Price source}",
    ),
    tidy=tidy,
    columns={
        "row_id": text(),
        "priced_on": day(past=True, source="Price date"),
        "hardware_model": text(source="Hardware model"),
        "vendor": text(nullable=True, source="Vendor"),
        "location": text(nullable=True, source="Location"),
        "on_demand_usd_per_chip_hour": amount(nullable=True, high=1000, source="Price per chip-hour (on-demand)"),
        "one_year_usd_per_chip_hour": amount(nullable=True, high=1000, source="Price per chip-hour (1-year CUD)"),
        "three_year_usd_per_chip_hour": amount(nullable=True, high=1000, source="Price per chip-hour (3-year CUD)"),
        "purchase_usd": amount(nullable=True, high=10_000_000, source="Price (hardware purchase)"),
        "chips_priced_together": amount(nullable=True, high=1000, source="Number of GPUs"),
        "price_note": text(nullable=True, source="Notes"),
    },
)
