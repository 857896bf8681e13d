"""Tokens processed, as companies disclosed them, written by hand with the page that states each figure."""

from pipeline.sources.base import Source, amount, day, text
from pipeline.sources.usage.published_figures import DOCUMENT

SOURCE = Source(
    title="Gathered token disclosures",
    description="Tokens per day by organisation and scope. Scopes differ (all surfaces, API, one cloud): compare growth "
    "within a scope, never levels across scopes. data/curated_token_disclosures.csv is written by hand.",
    licence="facts with attribution",
    credit="company statements and press",
    cadence="by hand",
    required=True,
    key=("organisation", "scope", "as_of", "disclosed_unit", "reported_on"),
    columns={
        "organisation": text(),
        "scope": text(),
        "as_of": day(past=True),
        "disclosed_value": amount(),
        "disclosed_unit": text(),
        "tokens_per_day_trillion": amount(high=10_000),
        **DOCUMENT,
    },
)
