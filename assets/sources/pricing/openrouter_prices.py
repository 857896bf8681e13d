"""OpenRouter's public price list on 31 dates since 2023."""

from __future__ import annotations

import pandas as pd

from assets.sources.base import Source, Upstream, day, pick, text, with_provenance
from assets.sources.token_prices import PRICES

PATH = "llm_prices_openrouter_history/openrouter_model_prices.csv"

UPSTREAM = {name: name for name in ("snapshot_date", "model_id", *PRICES)}


def parse(upstream: Upstream) -> pd.DataFrame:
    """One row per model and snapshot. Zero means a free variant or an unknown price."""
    rows = pick(upstream.csv(PATH), UPSTREAM, "openrouter_prices")
    return with_provenance(
        rows,
        upstream,
        citation="OpenRouter model list, archived copy",
        reported_on=rows["snapshot_date"],
        basis="price_date",
        confidence="verified",
    )


SOURCE = Source(
    id="openrouter_prices",
    title="OpenRouter: model prices on dated snapshots",
    description="USD per million input and output tokens of every model on OpenRouter's list, 2023-07 to 2026-09.",
    domain="pricing",
    licence="MIT (package model-price-radar-mcp)",
    credit="OpenRouter, model-price-radar-mcp",
    homepage_url="https://openrouter.ai/api/v1/models",
    cadence="daily",
    max_age_days=120,
    required=True,
    files=(PATH,),
    parse=parse,
    key=("snapshot_date", "model_id"),
    columns={"snapshot_date": day(past=True), "model_id": text(), **PRICES},
)
