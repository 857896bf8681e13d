"""genai-prices: token prices by provider, some with the day from which they hold."""

from __future__ import annotations

import pandas as pd

from assets.sources.base import Source, Upstream, day, pick, text, with_provenance
from assets.sources.token_prices import CACHED, PRICES

PATH = "llm_prices_genai/genai_prices_0.2.3.csv"

UPSTREAM = {name: name for name in ("provider", "model_id", "constraint", "start_date", *PRICES, *CACHED)}


def parse(upstream: Upstream) -> pd.DataFrame:
    """One row per provider, model and start date; without one, the price is known from retrieval.

    A price that holds only at some hours of the day is left out: it is not the model's price.
    """
    rows = pick(upstream.csv(PATH), UPSTREAM, "genai_prices")
    timed = rows["constraint"].notna() & rows["start_date"].isna()
    rows = rows[~timed].drop(columns="constraint").drop_duplicates(["provider", "model_id", "start_date"])
    known = rows["start_date"].where(rows["start_date"] <= upstream.retrieved_at.isoformat())
    return with_provenance(
        rows,
        upstream,
        citation="genai-prices 0.2.3, " + rows["provider"],
        url="https://raw.githubusercontent.com/pydantic/genai-prices/main/prices/data.json",
        reported_on=known.fillna(upstream.retrieved_at.isoformat()),
        basis=known.notna().map({True: "price_date", False: "snapshot"}),
        confidence="verified",
    )


SOURCE = Source(
    id="genai_prices",
    title="genai-prices: token prices by provider",
    description="USD per million tokens; a price that changed carries the day from which it holds.",
    domain="pricing",
    licence="MIT",
    credit="pydantic/genai-prices",
    homepage_url="https://raw.githubusercontent.com/pydantic/genai-prices/main/prices/data.json",
    cadence="daily",
    max_age_days=60,
    files=(PATH,),
    parse=parse,
    key=("provider", "model_id", "start_date"),
    columns={
        "provider": text(),
        "model_id": text(),
        "start_date": day(nullable=True),
        **PRICES,
        **CACHED,
    },
)
