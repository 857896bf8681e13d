"""Statements on how compute or spending splits into inference and training."""

from __future__ import annotations

import pandas as pd

from pipeline.sources.base import Source, Upstream, confidence_words, last_days, number, text, with_provenance

PATH = "curated_facts/inference_training_split.csv"


def parse(upstream: Upstream) -> pd.DataFrame:
    """One row per organisation, period and component. Without a report date, retrieval is when it was surely known."""
    raw = upstream.csv(PATH)
    rows = pd.DataFrame(
        {
            "organisation": raw["organisation"].str.replace(r"Industry \((.*)\)", r"\1", regex=True),
            "period": raw["period"],
            "component": raw["component"],
            "value": raw["value"],
            "unit": raw["unit"].str.replace(r"\s*\(.*", "", regex=True),
        }
    )
    reported = last_days(raw["reported_on"], upstream.retrieved_at)
    exact = raw["reported_on"].str.len().eq(10).fillna(False)
    return with_provenance(
        rows,
        upstream,
        citation=raw["source"] + ": " + raw["component"],
        reported_on=reported.fillna(upstream.retrieved_at.isoformat()),
        basis=exact.map({True: "release", False: "upper_bound"}),
        confidence=confidence_words(raw["confidence"]),
    )


SOURCE = Source(
    id="curated_compute_split",
    title="Gathered statements on inference and training",
    description="Shares (percent), amounts (USD billion) and multiples, each in the unit of its statement, which often "
    "does not say what it is a share of.",
    domain="usage",
    licence="facts with attribution",
    credit="the organisations named",
    cadence="by hand",
    max_age_days=300,
    files=(PATH,),
    parse=parse,
    key=("organisation", "period", "component"),
    columns={
        "organisation": text(),
        "period": text(),
        "component": text(),
        "value": number(low=0, high=10_000),
        "unit": text(choices=("percent", "USD billion", "multiple")),
    },
)
