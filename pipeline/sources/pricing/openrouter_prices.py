"""OpenRouter's public price list on 31 dates since 2023."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipeline.sources.base import Source, Upstream, dated, day, newest, text
from pipeline.sources.live import MEGABYTE, Live, Request
from pipeline.sources.responses import (
    decimal,
    document,
    figure,
    member,
    objects,
    per_million,
    require,
    text_frame,
    words,
)
from pipeline.sources.token_prices import OTHERS, PRICES, told

PATH = "llm_prices_openrouter_history/openrouter_model_prices.csv"
HOST = "https://openrouter.ai"
LIST = "/api/v1/models"

# Upstream's prices are per token, written as text.
PER_TOKEN = {"input_usd_per_mtok": "prompt", "output_usd_per_mtok": "completion"}


def parse(upstream: Upstream) -> pd.DataFrame:
    """One row per model and list; the archived lists have no other prices."""
    rows = upstream.csv(PATH)
    return rows.assign(other_prices=pd.Series(None, rows.index, dtype="string"))


def _price(pricing: Mapping[str, Any], name: str) -> str | None:
    """A price; -1 stands for one that depends on the model a request is routed to."""
    return None if decimal(pricing.get(name)) == -1 or pricing.get(name) is None else per_million(pricing[name])


def _others(pricing: Mapping[str, Any]) -> str | None:
    """Every other price in USD, by upstream's own name: of a request, an image, a search, a cached token."""
    return told(
        {name.replace("_", " "): figure(price) for name, price in pricing.items() if name not in PER_TOKEN.values()}
    )


def parse_live(upstream: Upstream) -> pd.DataFrame:
    """One row per model of today's list."""
    source_id = "openrouter_prices"
    models = objects(member(document(upstream.files["models"], source_id, "models"), "data", source_id))
    require(models, ["id", "pricing"], source_id)
    rows, seen = [], []
    for model in models:
        pricing = model.get("pricing")
        if isinstance(pricing, dict):
            seen.append(pricing)
            cells = {new: _price(pricing, old) for new, old in PER_TOKEN.items()}
            cells["other_prices"] = _others(pricing)
        else:
            cells = {"input_usd_per_mtok": f"not readable: {pricing}"}
        rows.append({"model_id": words(model.get("id")), **cells})
    require(seen, PER_TOKEN.values(), source_id)
    frame = text_frame(rows, ["model_id", *PER_TOKEN, *OTHERS])
    frame["snapshot_date"] = upstream.retrieved_at.isoformat()
    return frame


SOURCE = Source(
    title="OpenRouter: model prices on dated snapshots",
    description="USD per million input and output tokens of every model on OpenRouter's list, 2023-07 to 2026-09.",
    licence="MIT (package model-price-radar-mcp)",
    credit="OpenRouter, model-price-radar-mcp",
    homepage_url=HOST + LIST,
    cadence="daily",
    required=True,
    files=(PATH,),
    parse=parse,
    key=("snapshot_date", "model_id"),
    provenance=dated("OpenRouter model list, archived copy", "verified", "{snapshot_date}"),
    # Zero means a free variant or an unknown price.
    columns={"snapshot_date": day(past=True), "model_id": text(), **PRICES, **OTHERS},
    live=Live(
        base_url=HOST,
        requests=(Request("models", LIST, max_bytes=20 * MEGABYTE),),
        parse=parse_live,
        provenance=dated("OpenRouter model list", "verified", "{snapshot_date}", HOST + LIST),
        whole=False,
        last_list=newest("snapshot_date"),
    ),
)
