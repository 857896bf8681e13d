"""Epoch AI, hardware prices: dated purchase and cloud prices of accelerators, 2010 to 2025."""

from __future__ import annotations

import pandas as pd

from pipeline.sources.base import Source, Upstream, amount, day, pick, text, with_provenance
from pipeline.sources.epoch import CREDIT

PATH = "epoch_hardware_prices/hardware_prices.csv"

UPSTREAM = {
    "priced_on": "Price date",
    "hardware_model": "Hardware model",
    "vendor": "Vendor",
    "location": "Location",
    "on_demand_usd_per_chip_hour": "Price per chip-hour (on-demand)",
    "one_year_usd_per_chip_hour": "Price per chip-hour (1-year CUD)",
    "three_year_usd_per_chip_hour": "Price per chip-hour (3-year CUD)",
    "purchase_usd": "Price (hardware purchase)",
    "source_url": "Price source",
}


def parse(upstream: Upstream) -> pd.DataFrame:
    """One row per observation, in upstream's order (`row_id`); known from the day of the price."""
    rows = pick(upstream.csv(PATH), UPSTREAM, "epoch_hardware_prices")
    rows.insert(0, "row_id", pd.Series(range(1, len(rows) + 1), index=rows.index).astype("string"))
    return with_provenance(
        rows.drop(columns="source_url"),
        upstream,
        citation="Epoch AI, hardware prices (2025-08-07), " + rows["hardware_model"],
        url=rows["source_url"].str.split().str[0],
        reported_on=rows["priced_on"],
        basis="price_date",
        confidence="verified",
    )


SOURCE = Source(
    id="epoch_hardware_prices",
    title="Epoch AI: hardware and cloud price observations",
    description="Purchase prices and hourly cloud prices of accelerators on dates from 2010 to 2025. List prices, not "
    "transactions. Vendor and chip names are as upstream writes them.",
    domain="pricing",
    licence="CC BY 4.0",
    credit=CREDIT,
    cadence="ended 2025",
    max_age_days=1000,
    files=(PATH,),
    parse=parse,
    key=("row_id",),
    columns={
        "row_id": text(),
        "priced_on": day(past=True),
        "hardware_model": text(),
        "vendor": text(nullable=True),
        "location": text(nullable=True),
        "on_demand_usd_per_chip_hour": amount(nullable=True, high=1000),
        "one_year_usd_per_chip_hour": amount(nullable=True, high=1000),
        "three_year_usd_per_chip_hour": amount(nullable=True, high=1000),
        "purchase_usd": amount(nullable=True, high=10_000_000),
    },
)
