"""InferenceX: the cost per GPU-hour and the all-in power per GPU that its dashboard multiplies with throughput."""

from __future__ import annotations

import pandas as pd

from pipeline.sources.base import Source, Upstream, amount, day, text, with_provenance
from pipeline.sources.inferencex import CREDIT

PATH = "inferencemax/gpu_costs.csv"
OWNERS = ("hyperscaler", "neocloud", "rental")


def parse(upstream: Upstream) -> pd.DataFrame:
    """One row per accelerator and day on which the public code first held these values."""
    rows = upstream.csv(PATH)
    return with_provenance(
        rows,
        upstream,
        citation="InferenceX dashboard code as of "
        + rows["seen_on"]
        + ", after the SemiAnalysis AI Cloud TCO model, "
        + rows["accelerator"],
        reported_on=rows["seen_on"],
        basis="release",
        confidence="estimate",
    )


SOURCE = Source(
    id="inferencex_gpu_costs",
    title="InferenceX: quoted cost per GPU-hour and all-in power",
    description="Total cost of ownership per GPU-hour for a hyperscaler and a neocloud, the three-year rental rate, and "
    "all-in kilowatts per GPU. Others' estimates: quoted, never mixed with this project's own prices.",
    domain="pricing",
    licence="quoted figures with attribution",
    credit=f"{CREDIT}; SemiAnalysis AI Cloud TCO model",
    homepage_url="https://github.com/SemiAnalysisAI/InferenceX",
    cadence="irregular",
    files=(PATH,),
    parse=parse,
    key=("seen_on", "accelerator"),
    columns={
        "seen_on": day(past=True),
        "accelerator": text(),
        "tdp_w": amount(high=30_000),
        "all_in_kw_per_gpu": amount(high=30),
        **{f"usd_per_gpu_hour_{owner}": amount(high=1000) for owner in OWNERS},
    },
)
