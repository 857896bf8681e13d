"""Azure's list prices of virtual machines with accelerators, from the public retail price API."""

import json
from urllib.parse import quote

import pandas as pd

from pipeline.sources.base import Source, Upstream, dated, day, number, text
from pipeline.sources.live import MEGABYTE, Live, Request
from pipeline.sources.responses import document, member, objects, priced, require, text_frame, words

ID = "azure_retail_prices"
HOST = "https://prices.azure.com"
PATH = "/api/retail/prices"
# Machines with accelerators begin with N. Reservations are not asked for: their price is that of the whole term.
FILTER = (
    "serviceName eq 'Virtual Machines' and priceType eq 'Consumption' and contains(armSkuName, 'Standard_N')"
    " and contains(productName, 'Windows') eq false"
)

FIELDS = {
    "instance_type": "armSkuName",
    "region": "armRegionName",
    "product": "productName",
    "meter": "meterName",
    "price_type": "type",
    "unit": "unitOfMeasure",
    "currency": "currencyCode",
    "effective_from": "effectiveStartDate",
}


def next_page(page: bytes) -> list[str]:
    """The address of the page after this one, if there is one."""
    try:
        link = json.loads(page)["NextPageLink"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return []
    return [link] if isinstance(link, str) and link else []


def parse(upstream: Upstream) -> pd.DataFrame:
    """One row per price in the pages of the answer. A price of zero means that nothing is sold there."""
    items = []
    for name in upstream.pages("prices"):
        items += objects(member(document(upstream.files[name], ID, name), "Items", ID))
    require(items, [*FIELDS.values(), "retailPrice"], ID)
    rows = text_frame(
        [
            {
                "priced_on": upstream.day("prices"),
                **{new: words(item.get(old)) for new, old in FIELDS.items()},
                "instance_usd_per_hour": priced(item.get("retailPrice")),
            }
            for item in items
        ],
        ["priced_on", *FIELDS, "instance_usd_per_hour"],
    )
    rows["effective_from"] = rows["effective_from"].str.replace(r"T[\d:.]+Z$", "", regex=True)
    return rows


SOURCE = Source(
    title="Azure: retail prices of machines with accelerators",
    description="List price per hour of a whole virtual machine, on demand and on spot, in every region. Upstream does "
    "not say how many accelerators a machine has: the seed cloud_instances does.",
    licence="public price list",
    credit="Microsoft Azure",
    homepage_url=HOST + PATH,
    cadence="daily",
    key=("priced_on", "region", "instance_type", "product", "meter", "effective_from"),
    provenance=dated("Azure retail prices, {instance_type}", "verified", "{priced_on}", HOST + PATH),
    columns={
        "priced_on": day(past=True),
        "instance_type": text(),
        "region": text(),
        "product": text(),
        "meter": text(),
        "price_type": text(choices=("Consumption", "DevTestConsumption")),
        "unit": text(choices=("1 Hour",)),
        "currency": text(choices=("USD",)),
        "effective_from": day(),
        # A sixth of an A10 on spot is near 0.05, eight of the dearest chips near 200.
        "instance_usd_per_hour": number(nullable=True, low=0.02, high=400),
    },
    live=Live(
        base_url=HOST,
        requests=(
            Request(
                "prices", f"{PATH}?currencyCode=USD&$filter={quote(FILTER)}", max_bytes=20 * MEGABYTE, links=next_page
            ),
        ),
        parse=parse,
        whole=False,
    ),
)
