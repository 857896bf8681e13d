"""Other people's forecasts of this market, to compare with."""

from __future__ import annotations

import pandas as pd

from pipeline.sources.base import Provenance, Source, number, text


def without_remarks(listed: pd.DataFrame) -> pd.DataFrame:
    """Publishers and units without what is said of them in brackets; whether a figure is a bound stays."""
    listed["qualifier"] = listed["unit"].str.extract(r"\((over|about|midpoint [^)]*)\)", expand=False)
    listed["unit"] = listed["unit"].str.replace(r"\s*\(.*", "", regex=True)
    listed["publisher"] = listed["publisher"].str.replace(r"\s*\(compiled.*", "", regex=True)
    return listed


SOURCE = Source(
    id="curated_published_forecasts",
    title="Gathered forecasts of others",
    description="What AI 2027, Epoch, AMD, Gartner, Deloitte and others forecast, each in its own unit and definition.",
    domain="usage",
    licence="facts with attribution",
    credit="the publishers named",
    cadence="by hand",
    files=("curated_facts/published_forecasts.csv",),
    key=("publisher", "quantity", "target_period", "reported_on"),
    provenance=Provenance("{source}", confidence="{confidence}", reported_on="{reported_on}"),
    tidy=without_remarks,
    columns={
        "publisher": text(),
        "quantity": text(),
        "target_period": text(),
        "value": number(low=0, high=1e6),
        "unit": text(),
        "qualifier": text(nullable=True),
    },
)
