"""MLPerf Training (MLCommons): minutes to train a benchmark to its target quality, one row per system and benchmark."""

from __future__ import annotations

import pandas as pd

from pipeline.sources.base import Source, Upstream, amount, day, flag, text, with_provenance
from pipeline.sources.mlperf import CREDIT, LICENCE, accelerator_columns, address

PATH = "mlperf_training/results.csv"


def parse(upstream: Upstream) -> pd.DataFrame:
    """One row per folder of result logs, known from the day on which its round was published."""
    raw = upstream.csv(PATH)
    repository = "mlcommons/training_results_" + raw["round"]
    rows = raw.drop(columns="accelerator").assign(**accelerator_columns(raw["accelerator"]))
    return with_provenance(
        rows,
        upstream,
        citation="MLPerf Training " + raw["round"] + ", " + raw["division"] + " division",
        url=address(repository, "tree", raw["results_path"]),
        reported_on=raw["published_on"],
        basis="release",
        confidence="verified",
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
    parse=parse,
    key=("round", "division", "submitter", "system", "benchmark"),
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
