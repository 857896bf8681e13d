"""MLPerf Inference (MLCommons), closed division: measured throughput of submitted systems, one row per result."""

from __future__ import annotations

import pandas as pd

from pipeline.sources.base import Source, Upstream, amount, day, flag, text, with_provenance
from pipeline.sources.mlperf import CREDIT, LICENCE, accelerator_columns, address

PATH = "mlperf_inference/results.csv"


def parse(upstream: Upstream) -> pd.DataFrame:
    """One row per result log, known from the day on which its round was published."""
    raw = upstream.csv(PATH)
    repository = raw["source_repository"].str.split().str[0]
    rows = raw.drop(columns="accelerator").assign(**accelerator_columns(raw["accelerator"]))
    return with_provenance(
        rows,
        upstream,
        citation="MLPerf Inference " + raw["round"] + ", closed division: " + raw["source_repository"],
        url=address(repository, "blob", raw["log_path"]),
        reported_on=raw["published_on"],
        basis="release",
        confidence="verified",
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
    parse=parse,
    key=("round", "submitter", "system", "model", "scenario"),
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
