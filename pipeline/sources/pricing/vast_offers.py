"""What hosts ask on the marketplace vast.ai for a machine that can be rented now."""

from __future__ import annotations

import json
from urllib.parse import quote

import pandas as pd

from pipeline.sources.base import Provenance, Source, Upstream, amount, day, flag, text
from pipeline.sources.live import MEGABYTE, Live, Request
from pipeline.sources.rental_prices import USD_PER_CHIP_HOUR
from pipeline.sources.responses import document, figure, member, objects, require, share, text_frame, words

ID = "vast_offers"
HOST = "https://console.vast.ai"
PATH = "/api/v0/bundles/"
# Upstream answers with at most so many offers, the cheapest first.
LIMIT = 5000
QUERY = {
    "rentable": {"eq": True},
    "rented": {"eq": False},
    "type": "on-demand",
    "order": [["dph_total", "asc"]],
    "limit": LIMIT,
}

WORDS = {"offer_id": "id", "gpu_name": "gpu_name", "verification": "verification", "region": "geolocation"}
FIGURES = {"gpus": "num_gpus", "gpu_memory_mib": "gpu_ram", "machine_usd_per_hour": "dph_total"}


def parse(upstream: Upstream) -> pd.DataFrame:
    """One row per offer. `dph_total` is the price of the whole machine with a little disk, so it is divided by its GPUs."""
    offers = objects(member(document(upstream.files["offers"], ID, "offers"), "offers", ID))
    require(offers, [*WORDS.values(), *FIGURES.values(), "is_bid"], ID)
    rows = [
        {
            **{new: words(offer.get(old)) for new, old in WORDS.items()},
            **{new: figure(offer.get(old)) for new, old in FIGURES.items()},
            "is_bid": words(offer.get("is_bid")),
            "usd_per_chip_hour": share(offer.get("dph_total"), offer.get("num_gpus")),
        }
        for offer in offers
    ]
    frame = text_frame(rows, [*WORDS, *FIGURES, "is_bid", "usd_per_chip_hour"])
    frame["region"] = frame["region"].fillna("not stated")
    return frame


SOURCE = Source(
    id=ID,
    title="vast.ai: offers on the marketplace",
    description="What hosts ask for machines that nobody rents at the moment: offers, not transactions, of firms and "
    f"private persons alike. Upstream gives at most the {LIMIT} cheapest.",
    domain="pricing",
    licence="public offers",
    credit="vast.ai",
    homepage_url=HOST + PATH,
    cadence="daily",
    key=("priced_on", "offer_id"),
    provenance=Provenance(
        "vast.ai offer {offer_id}",
        confidence="verified",
        reported_on="{retrieved_at}",
        basis="price_date",
        url=HOST + PATH,
    ),
    columns={
        "priced_on": day(past=True, source="retrieved_at"),
        "offer_id": text(),
        "gpu_name": text(),
        "gpus": amount(high=64),
        "gpu_memory_mib": amount(high=1_000_000),
        "region": text(),
        "verification": text(nullable=True),
        # Interruptible offers are bids, which were not asked for.
        "is_bid": flag(),
        "machine_usd_per_hour": amount(high=1000),
        "usd_per_chip_hour": USD_PER_CHIP_HOUR,
    },
    live=Live(
        base_url=HOST,
        requests=(Request("offers", f"{PATH}?q={quote(json.dumps(QUERY))}", max_bytes=50 * MEGABYTE),),
        parse=parse,
        tested_on="documentation",
        whole=False,
        # What is rented leaves the list: it halves and doubles with demand.
        max_lost_share=0.5,
    ),
)
