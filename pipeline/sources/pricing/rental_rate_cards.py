"""Monthly on-demand list prices of a GPU-hour by provider, read by others from archived copies of price pages."""

from __future__ import annotations

import pandas as pd

from pipeline.sources.base import Source, Upstream, amount, day, last_days, pick, text, with_provenance

PATH = "rental_rate_cards/provider_months.csv"

UPSTREAM = {
    "period_start": "period_start",
    "chip_id": "chip_id",
    "provider_id": "provider_id",
    "usd_per_chip_hour": "usd_per_gpu_hour_standard",
}


def parse(upstream: Upstream) -> pd.DataFrame:
    """One row per month, GPU and provider."""
    rows = pick(upstream.csv(PATH), UPSTREAM, "rental_rate_cards")
    return with_provenance(
        rows,
        upstream,
        url="https://github.com/henryzhangpku/gpu-price-index/blob/f741b56d6f8615757008a24372d340cc13f9d2f4/series/backfill_ratecards.csv",
        citation="henryzhangpku/gpu-price-index, archived price page of " + rows["provider_id"],
        reported_on=last_days(rows["period_start"].str[:7]),
        basis="price_date",
        confidence="estimate",
    )


SOURCE = Source(
    id="rental_rate_cards",
    title="GPU rental rate cards by provider and month",
    description="On-demand list prices restated by the gatherer to one SXM GPU of an eight-GPU NVLink node "
    "(its factors: PCIe 1.18, unknown form 1.09, Ethernet 1.12, no fabric 1.15, one or two GPUs .92 to .95). "
    "Eleven providers, no hyperscaler.",
    domain="pricing",
    licence="no licence stated; values quoted with attribution",
    credit="henryzhangpku/gpu-price-index",
    cadence="monthly",
    max_age_days=120,
    files=(PATH,),
    parse=parse,
    key=("period_start", "chip_id", "provider_id"),
    columns={
        "period_start": day(past=True),
        "chip_id": text(),
        "provider_id": text(),
        "usd_per_chip_hour": amount(high=100),
    },
)
