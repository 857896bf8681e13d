"""Users, as companies disclosed them."""

from __future__ import annotations

import pandas as pd

from pipeline.sources.base import Source, Upstream, amount, confidence_words, day, last_days, text, with_provenance

PATH = "curated_facts/user_disclosures.csv"


def parse(upstream: Upstream) -> pd.DataFrame:
    """One row per product and date; a month counts as its last day."""
    raw = upstream.csv(PATH)
    rows = pd.DataFrame(
        {
            "organisation": raw["organisation"],
            "product": raw["product"],
            "as_of": last_days(raw["as_of"]),
            "active_users_m": raw["value"],
            "active_per": raw["unit"].str.extract(r"million (\w+) active users", expand=False),
        }
    )
    return with_provenance(
        rows,
        upstream,
        citation=raw["source"],
        reported_on=last_days(raw["reported_on"]),
        basis=raw["reported_on"].str.len().eq(10).map({True: "release", False: "upper_bound"}),
        confidence=confidence_words(raw["confidence"]),
    )


SOURCE = Source(
    id="curated_user_disclosures",
    title="Gathered user disclosures",
    description="Weekly or monthly active users of assistants, in millions.",
    domain="usage",
    licence="facts with attribution",
    credit="company statements and press",
    cadence="by hand",
    max_age_days=200,
    files=(PATH,),
    parse=parse,
    key=("organisation", "product", "as_of", "active_per"),
    columns={
        "organisation": text(),
        "product": text(),
        "as_of": day(past=True),
        "active_users_m": amount(high=10_000),
        "active_per": text(choices=("weekly", "monthly")),
    },
)
