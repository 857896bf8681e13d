"""metergraph: token prices with the days from and to which they hold, and the page that says so."""

from __future__ import annotations

import pandas as pd

from pipeline.sources.base import Source, Upstream, day, iso_dates, pick, text, with_provenance
from pipeline.sources.token_prices import CACHED, PRICES

PATH = "llm_prices_metergraph/metergraph_prices_dated.csv"
# Day of the upstream file, from its SOURCE.md: a price that starts later was announced by then.
RELEASED = "2026-10-25"

UPSTREAM = {
    name: name
    for name in (
        "canonical_id",
        "publisher",
        "channel",
        "region",
        "effective_from",
        "effective_to",
        *PRICES,
        *CACHED,
        "source_url",
    )
}


def parse(upstream: Upstream) -> pd.DataFrame:
    """One row per model, channel, region and first day. Some first days lie in the future: announced, not current."""
    rows = pick(upstream.csv(PATH), UPSTREAM, "metergraph_prices")
    rows["effective_from"], rows["effective_to"] = iso_dates(rows["effective_from"]), iso_dates(rows["effective_to"])
    known = rows["effective_from"].where(rows["effective_from"] <= RELEASED, RELEASED)
    return with_provenance(
        rows.drop(columns="source_url"),
        upstream,
        citation="metergraph-core 0.7.4, " + rows["channel"],
        url=rows["source_url"],
        reported_on=known,
        basis=known.eq(rows["effective_from"]).map({True: "price_date", False: "snapshot"}),
        confidence="verified",
    )


SOURCE = Source(
    id="metergraph_prices",
    title="metergraph: effective-dated token prices",
    description="USD per million tokens by model and sales channel, with first and last day and source page.",
    domain="pricing",
    licence="Apache-2.0",
    credit="metergraph",
    homepage_url="https://github.com/metergraph/metergraph",
    cadence="weekly",
    max_age_days=90,
    files=(PATH,),
    parse=parse,
    key=("canonical_id", "channel", "region", "effective_from"),
    columns={
        "canonical_id": text(),
        "publisher": text(),
        "channel": text(),
        "region": text(),
        "effective_from": day(),
        "effective_to": day(nullable=True),
        **PRICES,
        **CACHED,
    },
)
