"""LiteLLM's current price list."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipeline.sources.base import Source, Upstream, dated, day, newest, text
from pipeline.sources.live import MEGABYTE, Live, Request
from pipeline.sources.responses import document, figure, member, objects, per_million, require, text_frame, words
from pipeline.sources.token_prices import CACHED, OTHERS, PRICES, of_batches, told

HOST = "https://raw.githubusercontent.com"
PATH = "llm_prices_litellm/litellm_prices_latest.csv"
CITED = "LiteLLM model_prices_and_context_window, "
LIST = "/BerriAI/litellm/main/model_prices_and_context_window.json"

# Upstream's prices are per token.
PER_TOKEN = {
    "input_usd_per_mtok": "input_cost_per_token",
    "output_usd_per_mtok": "output_cost_per_token",
    "cache_read_usd_per_mtok": "cache_read_input_token_cost",
}


def parse(upstream: Upstream) -> pd.DataFrame:
    """One row per model key; the price of a batch is one of its other prices."""
    rows = upstream.csv(PATH)
    ends_on = rows.get("deprecation_date", pd.Series(None, rows.index, dtype="string"))
    return rows.assign(other_prices=of_batches(rows), ends_on=ends_on)


def _first_tier(about: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the model costs at the shortest input: of a model with tiers alone, its first."""
    tiers = objects(about.get("tiered_pricing") or [])
    return {**tiers[0], **about} if tiers and about.get("input_cost_per_token") is None else about


def _others(about: Mapping[str, Any]) -> str | None:
    """Every other cost of the model by upstream's own name for it, per million where it is one per token."""
    found: dict[str, str | None] = {}
    for name, value in about.items():
        if name in PER_TOKEN.values() or "cost" not in name or isinstance(value, dict | list):
            continue
        per_token = "_per_token" in name or "token_cost" in name
        what = name.replace("_cost_per_token", "").replace("_token_cost", "").replace("_cost", "").replace("_", " ")
        found[what] = per_million(value) if per_token else figure(value)
    for tier in objects(about.get("tiered_pricing") or []):
        span = " to ".join(str(edge) for edge in tier.get("range") or ())
        for name, old in (("input", "input_cost_per_token"), ("output", "output_cost_per_token")):
            found[f"{name} at {span} tokens"] = per_million(tier[old]) if tier.get(old) is not None else None
    return told(found)


def parse_live(upstream: Upstream) -> pd.DataFrame:
    """One row per model key that has a price per token; images, audio by the minute and the like are left out."""
    models = member(document(upstream.files["models"], "litellm_prices", "models"), "", "litellm_prices", dict)
    described = [about for about in models.values() if isinstance(about, dict)]
    require(described, ["litellm_provider", "mode", *PER_TOKEN.values()], "litellm_prices")
    rows = []
    for key, about in models.pairs:
        if key == "sample_spec":
            continue
        about = _first_tier(about) if isinstance(about, dict) else about
        if not isinstance(about, dict):
            rows.append({"model_key": words(key), "input_usd_per_mtok": f"not readable: {figure(about)}"})
        elif about.get("input_cost_per_token") is not None or about.get("output_cost_per_token") is not None:
            rows.append(
                {
                    "model_key": words(key),
                    "provider": words(about.get("litellm_provider")),
                    "mode": words(about.get("mode")),
                    **{new: per_million(about[old]) for new, old in PER_TOKEN.items() if about.get(old) is not None},
                    "other_prices": _others(about),
                    "ends_on": words(about.get("deprecation_date")),
                }
            )
    frame = text_frame(rows, ["model_key", "provider", "mode", *PER_TOKEN, *OTHERS, "ends_on"])
    frame["snapshot_date"] = upstream.day("models")
    return frame


SOURCE = Source(
    title="LiteLLM: current token prices",
    description="USD per million tokens by provider for about 3,700 model keys, as the LiteLLM project keeps them.",
    licence="MIT",
    credit="BerriAI/litellm",
    homepage_url=HOST + LIST,
    cadence="daily",
    files=(PATH,),
    newer_copy="package litellm 1.109.1 on PyPI, with the ends that its list states (2026-11-23)",
    parse=parse,
    key=("snapshot_date", "model_key"),
    provenance=dated(CITED + "version 1.109.1", "quoted", "{snapshot_date}", HOST + LIST),
    columns={
        "snapshot_date": day(past=True),
        "model_key": text(),
        "provider": text(nullable=True),
        "mode": text(nullable=True),
        **PRICES,
        **CACHED,
        **OTHERS,
        "ends_on": day(nullable=True),
    },
    live=Live(
        base_url=HOST,
        requests=(Request("models", LIST, max_bytes=30 * MEGABYTE),),
        parse=parse_live,
        provenance=dated(CITED + "main branch", "quoted", "{snapshot_date}", HOST + LIST),
        tested_on="recorded",
        whole=False,
        last_list=newest("snapshot_date"),
    ),
)
