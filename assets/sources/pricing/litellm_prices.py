"""LiteLLM's current price list."""

from __future__ import annotations

import pandas as pd

from assets.sources.base import Source, Upstream, day, pick, text, with_provenance
from assets.sources.token_prices import CACHED, PRICES

PATH = "llm_prices_litellm/litellm_prices_latest.csv"

UPSTREAM = {name: name for name in ("snapshot_date", "model_key", "provider", "mode", *PRICES, *CACHED)}


def parse(upstream: Upstream) -> pd.DataFrame:
    """One row per model key of the newest list."""
    rows = pick(upstream.csv(PATH), UPSTREAM, "litellm_prices")
    return with_provenance(
        rows,
        upstream,
        citation="LiteLLM model_prices_and_context_window, version 1.109.1",
        url="https://raw.githubusercontent.com/BerriAI/litellm/main/model_prices_and_context_window.json",
        reported_on=rows["snapshot_date"],
        basis="price_date",
        confidence="verified",
    )


SOURCE = Source(
    id="litellm_prices",
    title="LiteLLM: current token prices",
    description="USD per million tokens by provider for about 3,700 model keys, as the LiteLLM project keeps them.",
    domain="pricing",
    licence="MIT",
    credit="BerriAI/litellm",
    homepage_url="https://raw.githubusercontent.com/BerriAI/litellm/main/model_prices_and_context_window.json",
    cadence="daily",
    max_age_days=60,
    files=(PATH,),
    parse=parse,
    key=("snapshot_date", "model_key"),
    columns={
        "snapshot_date": day(past=True),
        "model_key": text(),
        "provider": text(nullable=True),
        "mode": text(nullable=True),
        **PRICES,
        **CACHED,
    },
)
