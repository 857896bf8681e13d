"""metergraph: token prices with the days from and to which they hold, and the page that says so."""

from pipeline.sources.base import Provenance, Source, day, text
from pipeline.sources.token_prices import CACHED, OTHERS, PRICES, of_batches

SOURCE = Source(
    title="metergraph: effective-dated token prices",
    description="USD per million tokens by model and sales channel, with first and last day and source page.",
    licence="Apache-2.0",
    credit="metergraph",
    homepage_url="https://github.com/metergraph/metergraph",
    cadence="weekly",
    files=("llm_prices_metergraph/metergraph_prices_dated.csv",),
    # The price of a batch is one of the other prices.
    tidy=lambda listed: listed.assign(other_prices=of_batches(listed)),
    key=("canonical_id", "channel", "region", "effective_from"),
    # Day of the upstream file, from its SOURCE.md: a price that starts later was announced by then, and is not current.
    provenance=Provenance(
        "metergraph-core 0.7.4, {channel}",
        confidence="quoted",
        reported_on="{effective_from}",
        basis="price_date",
        url="{source_url}",
        released="2026-10-25",
        otherwise_basis="snapshot",
    ),
    columns={
        "canonical_id": text(),
        "publisher": text(),
        "channel": text(),
        "region": text(),
        "effective_from": day(),
        "effective_to": day(nullable=True),
        **PRICES,
        **CACHED,
        **OTHERS,
    },
)
