"""InferenceX: the cost per GPU-hour and the all-in power per GPU that its dashboard multiplies with throughput."""

from pipeline.sources.base import Provenance, Source, amount, day, text
from pipeline.sources.chips.inferencex import CREDIT

OWNERS = ("hyperscaler", "neocloud", "rental")

SOURCE = Source(
    title="InferenceX: quoted cost per GPU-hour and all-in power",
    description="Total cost of ownership per GPU-hour for a hyperscaler and a neocloud, the three-year rental rate, and "
    "all-in kilowatts per GPU. Others' estimates: quoted, never mixed with this project's own prices.",
    licence="quoted figures with attribution",
    credit=f"{CREDIT}; SemiAnalysis AI Cloud TCO model",
    homepage_url="https://github.com/SemiAnalysisAI/InferenceX",
    cadence="irregular",
    files=("inferencemax/gpu_costs.csv",),
    key=("seen_on", "accelerator"),
    provenance=Provenance(
        "InferenceX dashboard code as of {seen_on}, after the SemiAnalysis AI Cloud TCO model, {accelerator}",
        confidence="estimate",
        reported_on="{seen_on}",
    ),
    columns={
        "seen_on": day(past=True),
        "accelerator": text(),
        "tdp_w": amount(high=30_000),
        "all_in_kw_per_gpu": amount(high=30),
        **{f"usd_per_gpu_hour_{owner}": amount(high=1000) for owner in OWNERS},
    },
)
