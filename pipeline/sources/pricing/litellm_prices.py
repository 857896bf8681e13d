"""LiteLLM's current price list."""

from __future__ import annotations

import pandas as pd

from pipeline.sources.base import Provenance, Source, Upstream, day, text
from pipeline.sources.live import MEGABYTE, Live, Request
from pipeline.sources.responses import document, figure, member, per_million, require, text_frame, words
from pipeline.sources.token_prices import CACHED, PRICES

HOST = "https://raw.githubusercontent.com"
LIST = "/BerriAI/litellm/main/model_prices_and_context_window.json"

# Upstream's prices are per token.
PER_TOKEN = {
    "input_usd_per_mtok": "input_cost_per_token",
    "output_usd_per_mtok": "output_cost_per_token",
    "cache_read_usd_per_mtok": "cache_read_input_token_cost",
}


def parse_live(upstream: Upstream) -> pd.DataFrame:
    """One row per model key that has a price per token; images, audio by the minute and the like are left out."""
    models = member(document(upstream.files["models"], "litellm_prices", "models"), "", "litellm_prices", dict)
    described = [about for about in models.values() if isinstance(about, dict)]
    require(described, ["litellm_provider", "mode", *PER_TOKEN.values()], "litellm_prices")
    rows = []
    for key, about in models.pairs:
        if key == "sample_spec":
            continue
        if not isinstance(about, dict):
            rows.append({"model_key": words(key), "input_usd_per_mtok": f"not readable: {figure(about)}"})
        elif about.get("input_cost_per_token") is not None or about.get("output_cost_per_token") is not None:
            rows.append(
                {
                    "model_key": words(key),
                    "provider": words(about.get("litellm_provider")),
                    "mode": words(about.get("mode")),
                    **{new: per_million(about[old]) for new, old in PER_TOKEN.items() if about.get(old) is not None},
                }
            )
    frame = text_frame(rows, ["model_key", "provider", "mode", *PER_TOKEN])
    frame["snapshot_date"] = upstream.day("models")
    return frame


def _cited(citation: str) -> Provenance:
    return Provenance(citation, confidence="quoted", reported_on="{snapshot_date}", basis="price_date", url=HOST + LIST)


SOURCE = Source(
    id="litellm_prices",
    title="LiteLLM: current token prices",
    description="USD per million tokens by provider for about 3,700 model keys, as the LiteLLM project keeps them.",
    domain="pricing",
    licence="MIT",
    credit="BerriAI/litellm",
    homepage_url=HOST + LIST,
    cadence="daily",
    files=("llm_prices_litellm/litellm_prices_latest.csv",),
    key=("snapshot_date", "model_key"),
    provenance=_cited("LiteLLM model_prices_and_context_window, version 1.109.1"),
    columns={
        "snapshot_date": day(past=True),
        "model_key": text(),
        "provider": text(nullable=True),
        "mode": text(nullable=True),
        **PRICES,
        **CACHED,
    },
    live=Live(
        base_url=HOST,
        requests=(Request("models", LIST, max_bytes=30 * MEGABYTE),),
        parse=parse_live,
        provenance=_cited("LiteLLM model_prices_and_context_window, main branch"),
        tested_on="recorded",
        whole=False,
    ),
)
