"""Hourly accelerator prices gathered for this project from price pages and notes."""

import pandas as pd

from pipeline.sources.base import Provenance, Source, amount, day, text


def without_remarks(listed: pd.DataFrame) -> pd.DataFrame:
    """Names of providers and of kinds of price without what is said of them in brackets."""
    names = {"provider_name": "provider", "price_kind": "pricing"}
    return listed.assign(**{new: listed[old].str.replace(r"\s*\(.*", "", regex=True) for new, old in names.items()})


SOURCE = Source(
    title="Gathered hourly prices of accelerators",
    description="Market rates and list prices in USD per chip-hour, with the page that named them.",
    licence="facts with attribution",
    cadence="by hand",
    files=("curated_facts/accelerator_prices.csv",),
    key=("accelerator", "provider", "pricing", "priced_on"),
    provenance=Provenance("{source}: {provider}, {pricing}", confidence="{confidence}", reported_on="{reported_on}"),
    tidy=without_remarks,
    columns={
        "accelerator": text(),
        "provider": text(source="provider_name"),
        "pricing": text(source="price_kind"),
        "usd_per_chip_hour": amount(high=1000, source="value"),
        "priced_on": day(past=True, source="as_of", last=True),
    },
)
