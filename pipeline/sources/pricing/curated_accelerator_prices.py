"""Hourly accelerator prices gathered for this project from price pages and notes."""

from __future__ import annotations

import pandas as pd

from pipeline.sources.base import Source, Upstream, amount, confidence_words, day, last_days, text, with_provenance

PATH = "curated_facts/accelerator_prices.csv"


def parse(upstream: Upstream) -> pd.DataFrame:
    """One row per accelerator, provider and kind of price. A bare year counts as its last day, or as retrieval."""
    raw = upstream.csv(PATH)
    rows = pd.DataFrame(
        {
            "accelerator": raw["accelerator"],
            "provider": raw["provider"].str.replace(r"\s*\(.*", "", regex=True),
            "pricing": raw["pricing"].str.replace(r"\s*\(.*", "", regex=True),
            "usd_per_chip_hour": raw["value"],
            "priced_on": last_days(raw["as_of"], upstream.retrieved_at),
        }
    )
    return with_provenance(
        rows,
        upstream,
        citation=raw["source"] + ": " + raw["provider"] + ", " + raw["pricing"],
        reported_on=last_days(raw["reported_on"], upstream.retrieved_at),
        basis=raw["reported_on"].str.len().eq(10).map({True: "release", False: "upper_bound"}),
        confidence=confidence_words(raw["confidence"]),
    )


SOURCE = Source(
    id="curated_accelerator_prices",
    title="Gathered hourly prices of accelerators",
    description="Market rates and list prices in USD per chip-hour, with the page that named them.",
    domain="pricing",
    licence="facts with attribution",
    credit="",
    cadence="by hand",
    max_age_days=200,
    files=(PATH,),
    parse=parse,
    key=("accelerator", "provider", "pricing", "priced_on"),
    columns={
        "accelerator": text(),
        "provider": text(),
        "pricing": text(),
        "usd_per_chip_hour": amount(high=1000),
        "priced_on": day(past=True),
    },
)
