"""Tokens processed, as companies disclosed them."""

from __future__ import annotations

import pandas as pd

from pipeline.sources.base import Source, Upstream, amount, confidence_words, day, last_days, text, with_provenance

PATH = "curated_facts/token_disclosures.csv"


def parse(upstream: Upstream) -> pd.DataFrame:
    """One row per organisation, scope and date; the day is the last one that the disclosed period could mean."""
    raw = upstream.csv(PATH)
    rows = pd.DataFrame(
        {
            "organisation": raw["organisation"],
            "scope": raw["scope"],
            "as_of": last_days(raw["as_of"].str.replace(r"^FY.*\.\.(\d{4}-\d{2})\)$", r"\1", regex=True)),
            "disclosed_value": raw["value"],
            "disclosed_unit": raw["unit"],
            "tokens_per_day_trillion": raw["tokens_per_day_trillion"],
        }
    )
    return with_provenance(
        rows,
        upstream,
        citation=raw["source"],
        reported_on=raw["reported_on"],
        basis="release",
        confidence=confidence_words(raw["confidence"]),
    )


SOURCE = Source(
    id="curated_token_disclosures",
    title="Gathered token disclosures",
    description="Tokens per day by organisation and scope. Scopes differ (all surfaces, API, one cloud): compare growth "
    "within a scope, never levels across scopes.",
    domain="usage",
    licence="facts with attribution",
    credit="company statements and press",
    cadence="by hand",
    max_age_days=150,
    required=True,
    files=(PATH,),
    parse=parse,
    key=("organisation", "scope", "as_of", "disclosed_unit", "reported_on"),
    columns={
        "organisation": text(),
        "scope": text(),
        "as_of": day(past=True),
        "disclosed_value": amount(),
        "disclosed_unit": text(),
        "tokens_per_day_trillion": amount(high=10_000),
    },
)
