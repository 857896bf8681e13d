"""models.dev's current token prices by provider."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipeline.sources.base import Source, Upstream, dated, day, text
from pipeline.sources.live import MEGABYTE, Live, Request
from pipeline.sources.responses import Members, document, figure, member, require, text_frame, words
from pipeline.sources.token_prices import CACHED, OTHERS, PRICES, told

ID = "models_dev_prices"
HOST = "https://models.dev"
PATH = "/api.json"
COST = {"input_usd_per_mtok": "input", "output_usd_per_mtok": "output", "cache_read_usd_per_mtok": "cache_read"}


def _others(cost: Mapping[str, Any]) -> str | None:
    """Every other price, by upstream's own name: cache writing, reasoning, audio, long inputs."""
    found: dict[str, str | None] = {}
    for name, price in cost.items():
        if isinstance(price, dict):
            found |= {f"{what} {name}".replace("_", " "): figure(each) for what, each in price.items()}
        elif name not in COST.values():
            found[name.replace("_", " ")] = figure(price)
    return told(found)


def parse(upstream: Upstream) -> pd.DataFrame:
    """One row per provider and model, also of those without a price: open models that nobody sells by the token."""
    providers = member(document(upstream.files["models"], ID, "models"), "", ID, dict)
    rows: list[dict[str, str | None]] = []
    known, costs = [], []
    for provider, about in providers.pairs:
        models = about.get("models") if isinstance(about, dict) else None
        if not isinstance(models, Members):
            rows.append({"provider": words(provider)})
            continue
        for model, details in models.pairs:
            name = {"provider": words(provider), "model_id": words(model)}
            cost = details.get("cost", {}) if isinstance(details, dict) else details
            if isinstance(details, dict):
                known.append(details)
            if isinstance(cost, dict):
                costs.append(cost)
                prices = {new: figure(cost.get(old)) for new, old in COST.items()}
                rows.append({**name, **prices, "other_prices": _others(cost)})
            else:
                rows.append({**name, "input_usd_per_mtok": f"not readable: {figure(cost)}"})
    require(known, ["cost"], ID)
    require([cost for cost in costs if cost], COST.values(), ID)
    frame = text_frame(rows, ["provider", "model_id", *COST, *OTHERS])
    frame["snapshot_date"] = upstream.day("models")
    return frame


SOURCE = Source(
    title="models.dev: current token prices by provider",
    description="USD per million tokens, as the models.dev community keeps them; the base price where long inputs cost "
    "more.",
    licence="MIT",
    credit="models.dev",
    homepage_url=HOST + PATH,
    cadence="daily",
    key=("snapshot_date", "provider", "model_id"),
    provenance=dated("models.dev, {provider}", "quoted", "{snapshot_date}", HOST + PATH),
    columns={"snapshot_date": day(past=True), "provider": text(), "model_id": text(), **PRICES, **CACHED, **OTHERS},
    live=Live(
        base_url=HOST,
        requests=(Request("models", PATH, max_bytes=30 * MEGABYTE),),
        parse=parse,
        whole=False,
    ),
)
