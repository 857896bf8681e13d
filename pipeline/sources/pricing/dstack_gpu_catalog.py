"""The dstack project's catalogue of cloud GPU offers: a zip of one CSV file for each of nine providers."""

import csv
import re
from collections.abc import Mapping
from decimal import Decimal

import pandas as pd

from pipeline.sources.archives import ArchiveError, unzipped
from pipeline.sources.base import Source, SourceError, Upstream, amount, dated, day, flag, text
from pipeline.sources.live import MEGABYTE, ZIP, Live, Request
from pipeline.sources.rental_prices import USD_PER_CHIP_HOUR
from pipeline.sources.responses import csv_rows, decimal, plain, share, text_frame, words

ID = "dstack_gpu_catalog"
HOST = "https://dstack-gpu-pricing.s3.eu-west-1.amazonaws.com"
PROVIDERS = ("aws", "azure", "cloudrift", "gcp", "lambdalabs", "nebius", "oci", "runpod", "verda")

FIELDS = {
    "instance_type": "instance_name",
    "region": "location",
    "gpu_name": "gpu_name",
    "gpus_as_written": "gpu_count",
    "gpu_memory_gb": "gpu_memory",
    "is_spot": "spot",
    "instance_usd_per_hour": "price",
}
# Columns that older catalogues lack; a catalogue without them is of NVIDIA chips and has no flags.
OPTIONAL = {"gpu_vendor": "gpu_vendor", "flags": "flags"}
# Before 2023 a TPU slice was named by its cores, two to a chip; since then by its chips.
TPU_SLICE = re.compile(r"(v2|v3|v4|v5p|v5litepod|v6e)-(\d+)")
CORES_PER_CHIP = {"v2": 2, "v3": 2, "v4": 2, "v5p": 2}


def catalogue_of(provider: str) -> Request:
    """The request of a provider's newest version, which leads to the catalogue of that version."""

    def links(answer: bytes) -> list[str]:
        version = answer.strip()
        return [f"/v3/{provider}/{version.decode()}/catalog.zip"] if re.fullmatch(rb"[\w.-]{1,64}", version) else []

    return Request(
        provider, f"/v3/{provider}/version", (*ZIP, "text/plain"), max_bytes=50 * MEGABYTE, links=links, max_answers=2
    )


def accelerators(row: Mapping[str, str]) -> str | None:
    """How many accelerators an offer has. Upstream counts a TPU slice as one; its name says its chips or cores."""
    slice_ = TPU_SLICE.fullmatch(row["instance_name"])
    if not slice_:
        return words(row["gpu_count"])
    return plain(Decimal(int(slice_[2][:9])) / CORES_PER_CHIP.get(slice_[1], 1))


def _rows(provider: str, upstream: Upstream) -> list[dict[str, str | None]]:
    name = f"{provider}#2"
    if name not in upstream.files:
        raise SourceError(
            f"Source {ID}: /v3/{provider}/version does not name a version of the catalogue. Look at the landed response."
        )
    try:
        member = unzipped(upstream.files[name], lambda path: path == f"{provider}.csv")[f"{provider}.csv"]
    except ArchiveError as error:
        raise SourceError(f"Source {ID}: catalog.zip of {provider}: {error}. Look at the landed response.") from None
    except KeyError:
        raise SourceError(f"Source {ID}: catalog.zip of {provider} has no member {provider}.csv.") from None
    lines = member.decode("utf-8-sig", "replace").splitlines()
    header = next(csv.reader(lines[:1]), [])
    missing = [column for column in FIELDS.values() if column not in header]
    if missing:
        raise SourceError(
            f"Source {ID}: {provider}.csv no longer has the column(s) {', '.join(missing)}; it has {', '.join(header)}. "
            f"Adapt pipeline/sources/pricing/{ID}.py to the new layout."
        )
    rows = []
    for row, whole in csv_rows(lines[1:], header):
        if whole and decimal(row["gpu_count"]) == 0:
            continue
        cells = {new: words(row.get(old)) for new, old in {**FIELDS, **OPTIONAL}.items()}
        if whole:
            cells["accelerators"] = accelerators(row)
            cells["usd_per_chip_hour"] = share(row["price"], cells["accelerators"])
        rows.append({"provider": provider, **cells, **({} if whole else {"accelerators": f"in {len(row)} cells"})})
    return rows


def parse(upstream: Upstream) -> pd.DataFrame:
    """One row per offer with accelerators; offers without any are left out.

    A line with too few or too many cells is kept, its accelerators unreadable.
    """
    rows = [row for provider in PROVIDERS for row in _rows(provider, upstream)]
    columns = ["provider", *FIELDS, *OPTIONAL, "accelerators", "usd_per_chip_hour"]
    frame = text_frame(rows, columns)
    frame["flags"] = frame["flags"].fillna("none")
    return frame


SOURCE = Source(
    title="dstack: catalogue of cloud GPU offers",
    description="Price per hour of a whole instance, on demand and on spot, as dstack gathers it daily from nine clouds. "
    "GPU names are dstack's and do not say the form (SXM or PCIe).",
    licence="public catalogue of dstackai/gpuhunt (MPL-2.0)",
    credit="dstack",
    homepage_url=f"{HOST}/v3",
    cadence="daily",
    key=("priced_on", "provider", "instance_type", "region", "gpu_name", "accelerators", "is_spot", "flags"),
    provenance=dated("dstack GPU catalogue, {provider}", "quoted", "{retrieved_at}", f"{HOST}/v3"),
    columns={
        "priced_on": day(past=True, source="retrieved_at"),
        "provider": text(choices=PROVIDERS),
        "instance_type": text(),
        "region": text(),
        "gpu_name": text(),
        "gpu_vendor": text(nullable=True),
        "gpu_memory_gb": amount(nullable=True, high=1000),
        "gpus_as_written": amount(high=72),
        "accelerators": amount(high=10_000),
        "is_spot": flag(),
        "flags": text(),
        "instance_usd_per_hour": amount(high=100_000),
        "usd_per_chip_hour": USD_PER_CHIP_HOUR,
    },
    live=Live(
        base_url=HOST,
        requests=tuple(catalogue_of(provider) for provider in PROVIDERS),
        parse=parse,
        # Eighteen small files of a public bucket.
        requests_per_second=10,
        whole=False,
    ),
)
