"""MLPerf Inference (MLCommons), closed division: measured throughput of submitted systems, one row per result."""

from __future__ import annotations

import pandas as pd

from pipeline.sources.base import Provenance, Source, amount, day, flag, text
from pipeline.sources.mlperf import CREDIT, LICENCE, accelerator_columns, address

PATH = "mlperf_inference/results.csv"


def tidy(listed: pd.DataFrame) -> pd.DataFrame:
    """The words for an accelerator apart, and the address of the result log."""
    repository = listed["source_repository"].str.split().str[0]
    return listed.assign(
        **accelerator_columns(listed["accelerator"]), log_url=address(repository, "blob", listed["log_path"])
    )


SOURCE = Source(
    id="mlperf_inference",
    title="MLPerf Inference: results of the closed division",
    description="Throughput of a whole system by model and scenario, from the submissions' own result logs. A figure per "
    "accelerator is derived, not an official metric.",
    domain="chips",
    licence=LICENCE,
    credit=CREDIT,
    homepage_url="https://mlcommons.org/benchmarks/inference-datacenter/",
    cadence="half-yearly",
    files=(PATH,),
    key=("round", "submitter", "system", "model", "scenario"),
    provenance=Provenance(
        "MLPerf Inference {round}, closed division: {source_repository}",
        confidence="verified",
        reported_on="{published_on}",
        url="{log_url}",
    ),
    tidy=tidy,
    columns={
        "round": text(),
        "published_on": day(past=True),
        "submitter": text(),
        "system": text(),
        "system_type": text(choices=("datacenter", "edge")),
        "status": text(choices=("available", "preview", "rdi")),
        "accelerator": text(nullable=True),
        "accelerator_name": text(nullable=True),
        "is_mixed_system": flag(),
        "nodes": amount(high=10_000),
        "accelerators_per_node": amount(nullable=True, high=10_000),
        "accelerator_count": amount(nullable=True, high=1_000_000),
        "model": text(),
        "scenario": text(choices=("Offline", "Server", "Interactive")),
        "result": amount(high=1e9),
        "unit": text(choices=("tokens_per_second", "samples_per_second")),
        "valid": text(choices=("VALID",)),
    },
)
