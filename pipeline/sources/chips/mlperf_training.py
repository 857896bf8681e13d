"""MLPerf Training (MLCommons): minutes to train a benchmark to its target quality, one row per system and benchmark."""

from __future__ import annotations

import pandas as pd

from pipeline.sources.base import Provenance, Source, amount, day, flag, text
from pipeline.sources.mlperf import CREDIT, LICENCE, accelerator_columns, address

PATH = "mlperf_training/results.csv"


def tidy(listed: pd.DataFrame) -> pd.DataFrame:
    """The words for an accelerator apart, and the address of the folder of result logs."""
    repository = "mlcommons/training_results_" + listed["round"]
    return listed.assign(
        **accelerator_columns(listed["accelerator"]), logs_url=address(repository, "tree", listed["results_path"])
    )


SOURCE = Source(
    id="mlperf_training",
    title="MLPerf Training: minutes to train",
    description="Time to the target quality by benchmark, system and number of accelerators, from the submissions' own "
    "result logs: the mean of the runs without the fastest and the slowest. The rounds' correction for convergence is "
    "not applied, so most figures lie within 1% of the published ones and a few within 6%.",
    domain="chips",
    licence=LICENCE,
    credit=CREDIT,
    homepage_url="https://mlcommons.org/benchmarks/training/",
    cadence="half-yearly",
    files=(PATH,),
    key=("round", "division", "submitter", "system", "benchmark"),
    provenance=Provenance(
        "MLPerf Training {round}, {division} division",
        confidence="verified",
        reported_on="{published_on}",
        url="{logs_url}",
    ),
    tidy=tidy,
    columns={
        "round": text(),
        "published_on": day(past=True),
        "submitter": text(),
        "division": text(choices=("closed", "open")),
        "status": text(),
        "system": text(),
        "benchmark": text(),
        "benchmark_family": text(),
        "accelerator": text(nullable=True),
        "accelerator_name": text(nullable=True),
        "is_mixed_system": flag(),
        "nodes": amount(high=100_000),
        "accelerators_per_node": amount(high=10_000),
        "accelerators": amount(nullable=True, high=1_000_000),
        "runs": amount(high=1000),
        "successful_runs": amount(high=1000),
        "failed_runs": amount(high=1000),
        "logs_missing": amount(high=1000),
        "minutes_to_train": amount(nullable=True, high=100_000),
        "minutes_min": amount(nullable=True, high=100_000),
        "minutes_max": amount(nullable=True, high=100_000),
        "global_batch_size": amount(nullable=True, high=1e9),
        "progress_at_stop_median": amount(nullable=True, high=1e15),
        "max_sequence_length": amount(nullable=True, high=1e7),
    },
)
