"""Tokens that went through one router, OpenRouter, by week."""

from __future__ import annotations

import pandas as pd

from assets.sources.base import Source, Upstream, amount, confidence_words, day, text, with_provenance

PATH = "curated_facts/openrouter_weekly_tokens.csv"


def parse(upstream: Upstream) -> pd.DataFrame:
    """One row per week. All weeks became known with the chart they were read from."""
    raw = upstream.csv(PATH)
    rows = pd.DataFrame(
        {
            "week_start": raw["week_start"],
            "tokens_per_week_trillion": raw["value"],
            "is_partial": raw["note"].str.contains("partial", case=False).fillna(False).map({True: "yes", False: "no"}),
        }
    )
    return with_provenance(
        rows,
        upstream,
        citation=raw["source"],
        reported_on=raw["reported_on"],
        basis="upper_bound",
        confidence=confidence_words(raw["confidence"]),
    )


SOURCE = Source(
    id="openrouter_weekly_tokens",
    title="OpenRouter: weekly tokens",
    description="Trillion tokens per week over the whole platform: one router's volume, not the world's.",
    domain="usage",
    licence="facts with attribution",
    credit="OpenRouter",
    cadence="weekly",
    max_age_days=120,
    files=(PATH,),
    parse=parse,
    key=("week_start",),
    columns={
        "week_start": day(past=True),
        "tokens_per_week_trillion": amount(high=100_000),
        "is_partial": text(choices=("yes", "no")),
    },
)
