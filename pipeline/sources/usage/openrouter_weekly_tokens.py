"""Tokens that went through one router, OpenRouter, by week."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pandas as pd

from pipeline.sources.base import Source, Upstream, amount, confidence_words, day, text, with_provenance
from pipeline.sources.live import MEGABYTE, Live, Request
from pipeline.sources.responses import (
    Members,
    decimal,
    document,
    figure,
    member,
    objects,
    plain,
    require,
    text_frame,
    words,
)

PATH = "curated_facts/openrouter_weekly_tokens.csv"
HOST = "https://openrouter.ai"
CHART = "/api/frontend/v1/rankings/model-rankings-chart"


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


def _trillion(week: Any) -> str:
    """Tokens of all models of a week, "Others" among them, in trillion. One unreadable model makes the sum unreadable."""
    if not isinstance(week, Members) or not week.pairs:
        return f"no models: {figure(week)}"
    total = Decimal(0)
    for model, tokens in week.pairs:
        number = decimal(tokens)
        if number is None or number < 0:
            return f"{figure(model)}: {figure(tokens)}"
        total += number
    return plain(total / 10**12)


def _ends_after(week_start: str | None, day_: date) -> bool:
    try:
        return week_start is not None and date.fromisoformat(week_start) + timedelta(days=6) >= day_
    except (ValueError, OverflowError):
        return False


def parse_live(upstream: Upstream) -> pd.DataFrame:
    """One row per week of the chart. A week that is not over on the day of retrieval is partial."""
    source_id = "openrouter_weekly_tokens"
    weeks = objects(member(document(upstream.files["chart"], source_id, "chart"), "data.data", source_id))
    require(weeks, ["x", "ys"], source_id)
    starts = [words(week.get("x")) for week in weeks]
    rows = [
        {
            "week_start": start,
            "tokens_per_week_trillion": _trillion(week.get("ys")),
            "is_partial": "yes" if _ends_after(start, upstream.retrieved_at) else "no",
        }
        for start, week in zip(starts, weeks, strict=True)
    ]
    return with_provenance(
        text_frame(rows, ["week_start", "tokens_per_week_trillion", "is_partial"]),
        upstream,
        citation="OpenRouter (openrouter.ai/rankings), model-rankings-chart",
        reported_on=upstream.day("chart"),
        basis="upper_bound",
        confidence="verified",
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
    live=Live(
        base_url=HOST,
        requests=(Request("chart", CHART, max_bytes=20 * MEGABYTE),),
        parse=parse_live,
        tested_on="documentation",
        whole=False,
    ),
)
