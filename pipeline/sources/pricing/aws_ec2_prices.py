"""AWS's list prices of EC2 instances with accelerators, from the offer file of one region.

The file has hundreds of megabytes, so it is read line by line and only lines about accelerators are kept.
"""

import csv
import re
from collections.abc import Iterator
from typing import IO

import pandas as pd

from pipeline.sources.base import Source, SourceError, Upstream, amount, dated, day, number, text
from pipeline.sources.live import CSV, MEGABYTE, Live, Request
from pipeline.sources.responses import csv_rows, priced, require, text_frame, words

ID = "aws_ec2_prices"
HOST = "https://pricing.us-east-1.amazonaws.com"
PATH = "/offers/v1.0/aws/AmazonEC2/current/us-east-1/index.csv"

# A line has about 1,200 bytes; a file without line ends must not fill the memory.
LONGEST_LINE = 1_000_000

# Families with accelerators: GPUs (p, g, gr, u-p), Trainium, Inferentia, Gaudi and Qualcomm (dl).
ACCELERATED = re.compile(rb'[",](?:p|g|gr|trn|inf|dl|u-p)\d[\w-]*\.[\w-]+[",]')

# The price of the machine alone: Linux, shared hardware, no software, nothing paid in advance.
ON_DEMAND = {
    "Tenancy": "Shared",
    "Operating System": "Linux",
    "Pre Installed S/W": "NA",
    "CapacityStatus": "Used",
    "Unit": "Hrs",
    "Location Type": "AWS Region",
    "MarketOption": "OnDemand",
}
RESERVED = {**ON_DEMAND, "PurchaseOption": "No Upfront", "OfferingClass": "standard"}

FIELDS = {
    "region": "Region Code",
    "instance_type": "Instance Type",
    "term_type": "TermType",
    "lease": "LeaseContractLength",
    "gpus": "GPU",
    "currency": "Currency",
}
NEEDED = [*FIELDS.values(), *RESERVED, "PricePerUnit"]


def _text(line: bytes) -> str:
    return line.decode("utf-8-sig", "replace").rstrip("\r\n")


def accelerator_lines(stream: IO[bytes]) -> Iterator[str]:
    """The lines up to the header, then those that speak of an instance with accelerators."""
    lines = iter(lambda: stream.readline(LONGEST_LINE), b"")
    for line in lines:
        yield _text(line)
        if '"SKU"' in _text(line):
            break
    yield from (_text(line) for line in lines if ACCELERATED.search(line))


def _header(lines: Iterator[str]) -> tuple[list[str], str]:
    """The header's columns, and the day on which the file was published; leaves `lines` behind the header."""
    published = ""
    for line in lines:
        try:
            cells = next(csv.reader([line]), [])
        except csv.Error:
            continue
        if cells[:1] == ["Publication Date"]:
            published = cells[-1][:10]
        if "SKU" in cells and published:
            require([dict.fromkeys(cells)], NEEDED, ID)
            return cells, published
    raise SourceError(
        f'Source {ID}: the file has no line "Publication Date" followed by a line with "SKU": it is no AWS '
        "offer file. Look at the landed response."
    )


def parse(upstream: Upstream) -> pd.DataFrame:
    """One row per instance type, region and terms. A price of zero means that nothing is sold there.

    A line with too few or too many cells is kept, its price unreadable: which cell is the price cannot be known.
    """
    rows: list[dict[str, str | None]] = []
    with upstream.open("offers") as stream:
        lines = accelerator_lines(stream)
        header, published = _header(lines)
        for row, whole in csv_rows(lines, header):
            wanted = RESERVED if row.get("TermType") == "Reserved" else ON_DEMAND
            if whole and any(row[name] != value for name, value in wanted.items()):
                continue
            rows.append(
                {
                    "priced_on": published,
                    **{new: words(row.get(old)) for new, old in FIELDS.items()},
                    "instance_usd_per_hour": priced(row["PricePerUnit"]) if whole else f"one of {len(row)} cells",
                }
            )
    frame = text_frame(rows, ["priced_on", *FIELDS, "instance_usd_per_hour"])
    frame["lease"] = frame["lease"].mask(frame["term_type"].eq("OnDemand").fillna(False), "none")
    return frame


SOURCE = Source(
    title="AWS: list prices of EC2 instances with accelerators",
    description="List price per hour of a whole instance (Linux, shared hardware) in us-east-1, on demand and reserved "
    "with nothing paid in advance. Spot prices are not in the file. Which accelerator an instance has says the seed "
    "cloud_instances.",
    licence="public price list",
    credit="Amazon Web Services",
    homepage_url=HOST + PATH,
    cadence="daily",
    key=("priced_on", "region", "instance_type", "term_type", "lease"),
    provenance=dated("AWS price list, EC2 in us-east-1, {instance_type}", "verified", "{priced_on}", HOST + PATH),
    columns={
        "priced_on": day(past=True),
        "region": text(),
        "instance_type": text(),
        "term_type": text(choices=("OnDemand", "Reserved")),
        "lease": text(choices=("none", "1yr", "3yr")),
        # Empty for Trainium and Inferentia, a fraction where a GPU is shared.
        "gpus": amount(nullable=True, high=72),
        "currency": text(choices=("USD",)),
        # An eighth of an L4 is near 0.1, 72 GB200 near 800.
        "instance_usd_per_hour": number(nullable=True, low=0.05, high=1500),
    },
    live=Live(
        base_url=HOST,
        requests=(Request("offers", PATH, CSV, max_bytes=2000 * MEGABYTE),),
        parse=parse,
        whole=False,
    ),
)
