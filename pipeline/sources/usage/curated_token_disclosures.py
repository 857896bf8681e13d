"""Tokens processed, as companies disclosed them."""

from __future__ import annotations

import pandas as pd

from pipeline.sources.base import Provenance, Source, amount, day, text


def ends_of_periods(listed: pd.DataFrame) -> pd.DataFrame:
    """Of a fiscal year that is written with its months, the last month."""
    listed["as_of"] = listed["as_of"].str.replace(r"^FY.*\.\.(\d{4}-\d{2})\)$", r"\1", regex=True)
    return listed


SOURCE = Source(
    id="curated_token_disclosures",
    title="Gathered token disclosures",
    description="Tokens per day by organisation and scope. Scopes differ (all surfaces, API, one cloud): compare growth "
    "within a scope, never levels across scopes.",
    domain="usage",
    licence="facts with attribution",
    credit="company statements and press",
    cadence="by hand",
    required=True,
    files=("curated_facts/token_disclosures.csv",),
    key=("organisation", "scope", "as_of", "disclosed_unit", "reported_on"),
    provenance=Provenance("{source}", confidence="{confidence}", reported_on="{reported_on}"),
    tidy=ends_of_periods,
    columns={
        "organisation": text(),
        "scope": text(),
        "as_of": day(past=True, last=True),
        "disclosed_value": amount(source="value"),
        "disclosed_unit": text(source="unit"),
        "tokens_per_day_trillion": amount(high=10_000),
    },
)
