"""Other people's forecasts of this market, to compare with."""

from __future__ import annotations

import pandas as pd

from pipeline.sources.base import Source, Upstream, confidence_words, last_days, number, text, with_provenance

PATH = "curated_facts/published_forecasts.csv"


def parse(upstream: Upstream) -> pd.DataFrame:
    """One row per publisher, quantity, target period and publication date, in the unit of the publication."""
    raw = upstream.csv(PATH)
    qualifier = raw["unit"].str.extract(r"\((over|about|midpoint [^)]*)\)", expand=False)
    rows = pd.DataFrame(
        {
            "publisher": raw["publisher"].str.replace(r"\s*\(compiled.*", "", regex=True),
            "quantity": raw["quantity"],
            "target_period": raw["target_period"],
            "value": raw["value"],
            "unit": raw["unit"].str.replace(r"\s*\(.*", "", regex=True),
            "qualifier": qualifier,
        }
    )
    return with_provenance(
        rows,
        upstream,
        citation=raw["source"],
        reported_on=last_days(raw["reported_on"], upstream.retrieved_at),
        basis=raw["reported_on"].str.len().eq(10).map({True: "release", False: "upper_bound"}),
        confidence=confidence_words(raw["confidence"]),
    )


SOURCE = Source(
    id="curated_published_forecasts",
    title="Gathered forecasts of others",
    description="What AI 2027, Epoch, AMD, Gartner, Deloitte and others forecast, each in its own unit and definition.",
    domain="usage",
    licence="facts with attribution",
    credit="the publishers named",
    cadence="by hand",
    max_age_days=200,
    files=(PATH,),
    parse=parse,
    key=("publisher", "quantity", "target_period", "reported_on"),
    columns={
        "publisher": text(),
        "quantity": text(),
        "target_period": text(),
        "value": number(low=0, high=1e6),
        "unit": text(),
        "qualifier": text(nullable=True),
    },
)
