"""Tokens that went through one router, OpenRouter, by week."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pandas as pd

from pipeline.sources.base import Provenance, Source, Upstream, amount, day, text
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

HOST = "https://openrouter.ai"
CHART = "/api/frontend/v1/rankings/model-rankings-chart"
PAGE = f"{HOST}/rankings"


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


def _is_partial(week_start: str | None, is_newest: bool, retrieved_on: date) -> bool:
    """Whether a week may still grow: it goes on, or ended less than a day ago (upstream counts some hours late).

    A chart's newest week that ended long before the chart was read was running when the chart was made: later weeks
    would stand in a chart of today.
    """
    try:
        days_over = (retrieved_on - date.fromisoformat(week_start or "") - timedelta(days=7)).days
    except (ValueError, OverflowError):
        return False
    return days_over < 1 or (is_newest and days_over >= 7)


def parse_live(upstream: Upstream) -> pd.DataFrame:
    """One row per week of the chart; one that was not over when the chart was made is partial."""
    source_id = "openrouter_weekly_tokens"
    weeks = objects(member(document(upstream.files["chart"], source_id, "chart"), "data.data", source_id))
    require(weeks, ["x", "ys"], source_id)
    starts = [words(week.get("x")) for week in weeks]
    newest = max(filter(None, starts), default=None)
    rows = [
        {
            "week_start": start,
            "value": _trillion(week.get("ys")),
            "note": "partial" if _is_partial(start, start == newest, upstream.retrieved_at) else None,
        }
        for start, week in zip(starts, weeks, strict=True)
    ]
    return text_frame(rows, ["week_start", "value", "note"])


SOURCE = Source(
    title="OpenRouter: weekly tokens",
    description="Trillion tokens per week over the whole platform: one router's volume, not the world's.",
    licence="facts with attribution",
    credit="OpenRouter",
    cadence="weekly",
    files=("curated_facts/openrouter_weekly_tokens.csv",),
    key=("week_start",),
    # All weeks became known with the chart they were read from.
    provenance=Provenance(
        "{source}", confidence="{confidence}", reported_on="{reported_on}", basis="upper_bound", url=PAGE
    ),
    # Which weeks were not over when the chart was read.
    tidy=lambda listed: listed.assign(
        is_partial=listed["note"].str.contains("partial", case=False).fillna(False).map({True: "yes", False: "no"})
    ),
    columns={
        "week_start": day(past=True),
        "tokens_per_week_trillion": amount(high=100_000, source="value"),
        "is_partial": text(choices=("yes", "no")),
    },
    live=Live(
        base_url=HOST,
        requests=(Request("chart", CHART, max_bytes=20 * MEGABYTE),),
        parse=parse_live,
        provenance=Provenance(
            "OpenRouter (openrouter.ai/rankings), model-rankings-chart",
            confidence="verified",
            basis="upper_bound",
            released="{retrieved_at}",
            url=PAGE,
        ),
        whole=False,
    ),
)
