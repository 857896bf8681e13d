"""RunPod's prices per GPU-hour in its two clouds, on demand and on spot."""

import json

import pandas as pd

from pipeline.sources.base import Source, SourceError, Upstream, amount, dated, day, text
from pipeline.sources.live import MEGABYTE, Live, Request
from pipeline.sources.rental_prices import USD_PER_CHIP_HOUR
from pipeline.sources.responses import document, figure, member, objects, priced, require, text_frame, words

ID = "runpod_offers"
HOST = "https://api.runpod.io"
PATH = "/graphql"
PRICES = {
    "secure_usd_per_chip_hour": "securePrice",
    "community_usd_per_chip_hour": "communityPrice",
    "secure_spot_usd_per_chip_hour": "secureSpotPrice",
    "community_spot_usd_per_chip_hour": "communitySpotPrice",
}
# Whether a cloud has the type at all: upstream fills in .50 USD where it has not.
OFFERED = {"secure": "secureCloud", "community": "communityCloud"}
QUERY = (
    f"query GpuTypes {{ gpuTypes {{ id displayName memoryInGb {' '.join([*OFFERED.values(), *PRICES.values()])} }} }}"
)


def parse(upstream: Upstream) -> pd.DataFrame:
    """One row per GPU type. No price, or a price of zero, means that a cloud does not offer it.

    A price for a cloud that says it does not offer the type is a placeholder, and "unknown" is no type.
    """
    answer = document(upstream.files["gpu_types"], ID, "gpu_types")
    if isinstance(answer, dict) and answer.get("errors"):
        raise SourceError(
            f"Source {ID}: the GraphQL query was refused: {figure(answer['errors'])}. If a field was renamed, adapt the "
            f"query in pipeline/sources/pricing/{ID}.py."
        )
    types = objects(member(answer, "data.gpuTypes", ID))
    require(types, ["id", "displayName", "memoryInGb", *list(PRICES.values())[:2]], ID)
    rows = [
        {
            "gpu_id": words(gpu.get("id")),
            "gpu_name": words(gpu.get("displayName")),
            "gpu_memory_gb": figure(gpu.get("memoryInGb")),
            **{
                new: None if gpu.get(OFFERED[new.split("_")[0]]) is False else priced(gpu.get(old))
                for new, old in PRICES.items()
            },
        }
        for gpu in types
        if gpu.get("id") != "unknown"
    ]
    frame = text_frame(rows, ["gpu_id", "gpu_name", "gpu_memory_gb", *PRICES])
    return frame


SOURCE = Source(
    title="RunPod: prices of GPU types",
    description="Price per GPU-hour in RunPod's own data centres (secure) and at its partners (community), on demand and "
    "on spot. Lowest prices, without region.",
    licence="public price list",
    credit="RunPod",
    homepage_url=HOST + PATH,
    cadence="daily",
    key=("priced_on", "gpu_id"),
    provenance=dated("RunPod GPU types, {gpu_id}", "verified", "{retrieved_at}", HOST + PATH),
    columns={
        "priced_on": day(past=True, source="retrieved_at"),
        "gpu_id": text(),
        "gpu_name": text(),
        "gpu_memory_gb": amount(nullable=True, high=1000),
        **dict.fromkeys(PRICES, USD_PER_CHIP_HOUR),
    },
    live=Live(
        base_url=HOST,
        requests=(
            Request("gpu_types", PATH, max_bytes=10 * MEGABYTE, body=json.dumps({"query": QUERY, "variables": {}})),
        ),
        parse=parse,
        whole=False,
    ),
)
