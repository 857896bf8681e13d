"""Statements on how compute or spending splits into inference and training."""

from __future__ import annotations

import pandas as pd

from pipeline.sources.base import Provenance, Source, number, text


def without_remarks(listed: pd.DataFrame) -> pd.DataFrame:
    """Units without what is said of them in brackets, and an industry by its name alone."""
    listed["organisation"] = listed["organisation"].str.replace(r"Industry \((.*)\)", r"\1", regex=True)
    listed["unit"] = listed["unit"].str.replace(r"\s*\(.*", "", regex=True)
    return listed


SOURCE = Source(
    id="curated_compute_split",
    title="Gathered statements on inference and training",
    description="Shares (percent), amounts (USD billion) and multiples, each in the unit of its statement, which often "
    "does not say what it is a share of.",
    domain="usage",
    licence="facts with attribution",
    credit="the organisations named",
    cadence="by hand",
    files=("curated_facts/inference_training_split.csv",),
    key=("organisation", "period", "component"),
    # Without a report date, retrieval is when it was surely known.
    provenance=Provenance(
        "{source}: {component}", confidence="{confidence}", reported_on="{reported_on}", otherwise="{retrieved_at}"
    ),
    tidy=without_remarks,
    columns={
        "organisation": text(),
        "period": text(),
        "component": text(),
        "value": number(low=0, high=10_000),
        "unit": text(choices=("percent", "USD billion", "multiple")),
    },
)
