"""What hosts ask on the marketplace vast.ai for a machine that can be rented now."""

import json
from collections.abc import Mapping, Sequence
from urllib.parse import quote

import pandas as pd

from pipeline.sources.base import Source, SourceError, Upstream, amount, dated, day, flag, text
from pipeline.sources.live import MEGABYTE, Live, Request
from pipeline.sources.rental_prices import USD_PER_CHIP_HOUR
from pipeline.sources.responses import document, figure, member, objects, require, share, text_frame, words

ID = "vast_offers"
HOST = "https://console.vast.ai"
PATH = "/api/v0/bundles/"
# Asked for so many offers, the cheapest first, upstream's server gives a page of 64 (three public clients say so). An answer
# of just so many is no end: the next one begins at its dearest price.
LIMIT, PAGE = 5000, 64
QUERY = {
    "rentable": {"eq": True},
    "rented": {"eq": False},
    "type": "on-demand",
    "order": [["dph_total", "asc"]],
    "limit": LIMIT,
}

WORDS = {
    "offer_id": "id",
    "machine_id": "machine_id",
    "gpu_name": "gpu_name",
    "verification": "verification",
    "region": "geolocation",
}
FIGURES = {"gpus": "num_gpus", "gpu_memory_mib": "gpu_ram", "machine_usd_per_hour": "dph_total"}


def address(query: Mapping[str, object]) -> str:
    """The path that asks for offers."""
    return f"{PATH}?q={quote(json.dumps(query))}"


def _is_cut(offers: Sequence[object]) -> bool:
    return len(offers) in (PAGE, LIMIT)


def next_page(page: bytes) -> list[str]:
    """The address of the offers from the dearest of a full page on."""
    try:
        offers = json.loads(page)["offers"]
        dearest = max(float(offer["dph_total"]) for offer in offers) if _is_cut(offers) else None
    except (ValueError, KeyError, TypeError, RecursionError):
        return []
    return [] if dearest is None else [address({**QUERY, "dph_total": {"gte": dearest}})]


def parse(upstream: Upstream) -> pd.DataFrame:
    """One row per offer. `dph_total` is the price of the whole machine with a little disk, so it is divided by its GPUs.

    Raises SourceError where the last answer is a full page: what would have followed is not known.
    """
    pages = [
        objects(member(document(upstream.files[name], ID, name), "offers", ID)) for name in upstream.pages("offers")
    ]
    if _is_cut(pages[-1]):
        raise SourceError(
            f"Source {ID}: the answer was cut at {len(pages[-1])} offers, and what it leads to brought no end: it is not "
            "the whole market. Look at the landed responses; if upstream counts its pages otherwise now, adapt next_page."
        )
    before: set[object] = set()
    offers = []
    for page in pages:
        offers += [offer for offer in page if offer.get("id") not in before]
        before |= {offer.get("id") for offer in page}
    require(offers, [*(name for name in WORDS.values() if name != "machine_id"), *FIGURES.values(), "is_bid"], ID)
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
    frame["machine_id"] = frame["machine_id"].fillna("of offer " + frame["offer_id"])
    return frame


SOURCE = Source(
    title="vast.ai: offers on the marketplace",
    description="What hosts ask for machines that nobody rents at the moment: offers, not transactions, of firms and "
    "private persons alike. A machine is offered whole and in parts, as rows of one machine_id.",
    licence="public offers",
    credit="vast.ai",
    homepage_url=HOST + PATH,
    cadence="daily",
    key=("priced_on", "offer_id"),
    provenance=dated("vast.ai offer {offer_id}", "verified", "{retrieved_at}", HOST + PATH),
    columns={
        "priced_on": day(past=True, source="retrieved_at"),
        "offer_id": text(),
        "machine_id": text(),
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
        requests=(Request("offers", address(QUERY), max_bytes=50 * MEGABYTE, links=next_page),),
        parse=parse,
        whole=False,
        # What is rented leaves the list: it halves and doubles with demand.
        max_lost_share=0.5,
    ),
)
