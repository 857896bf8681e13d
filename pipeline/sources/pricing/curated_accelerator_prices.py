"""Hourly accelerator prices gathered for this project from price pages and notes."""

from pipeline.sources.base import Provenance, Source, amount, day, text

# What is said of a provider or a kind of price in brackets.
REMARK = r"\s*\(.*"

SOURCE = Source(
    title="Gathered hourly prices of accelerators",
    description="Market rates and list prices in USD per chip-hour, with the page that named them.",
    licence="facts with attribution",
    cadence="by hand",
    files=("curated_facts/accelerator_prices.csv",),
    key=("accelerator", "provider", "pricing", "priced_on"),
    provenance=Provenance("{source}: {provider}, {pricing}", confidence="{confidence}", reported_on="{reported_on}"),
    tidy=lambda listed: listed.assign(
        provider_name=listed["provider"].str.replace(REMARK, "", regex=True),
        price_kind=listed["pricing"].str.replace(REMARK, "", regex=True),
    ),
    columns={
        "accelerator": text(),
        "provider": text(source="provider_name"),
        "pricing": text(source="price_kind"),
        "usd_per_chip_hour": amount(high=1000, source="value"),
        "priced_on": day(past=True, source="as_of", last=True),
    },
)
