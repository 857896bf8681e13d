"""InferenceX (InferenceMAX until 2025): nightly measured throughput and latency of LLM inference by accelerator."""

from __future__ import annotations

import pandas as pd

from pipeline.sources.base import Provenance, Source, amount, day, flag, numbered, plus_days, text
from pipeline.sources.inferencex import CREDIT, LICENCE

PATH = "inferencemax/results.csv"
# What tells two measurements of one run apart.
CONFIGURATION = (
    "run_id",
    "hw_label",
    "model_id",
    "framework",
    "weight_precision",
    "speculative",
    "gpus",
    "prefill_gpus",
    "decode_gpus",
    "tensor_parallel",
    "expert_parallel",
    "input_tokens",
    "output_tokens",
    "concurrency",
)
# A run's day that upstream does not name is interpolated between dated runs, "a day or so off" (SOURCE.md).
DAYS_OFF = 2


def tidy(listed: pd.DataFrame) -> pd.DataFrame:
    """A row is known from the day of its run; where one run measured a configuration more than once, by number."""
    recorded = listed["run_on_basis"] == "recorded"
    return listed.assign(
        measurement=numbered(listed, list(CONFIGURATION)),
        # The folder before it is a runner's own.
        checkpoint=listed["model_path"].str.split("/").str[-1],
        known_on=listed["run_on"].where(recorded, plus_days(listed["run_on"], DAYS_OFF)),
        basis=recorded.map({True: "release", False: "upper_bound"}),
    )


SOURCE = Source(
    id="inferencex",
    title="InferenceX (InferenceMAX): measured LLM inference by accelerator",
    description="Throughput against speed for the user by accelerator, model, framework, precision and concurrency, with "
    "measured power in some runs. Throughput is per GPU over all GPUs, prefill and decode together.",
    domain="chips",
    licence=LICENCE,
    credit=CREDIT,
    homepage_url="https://github.com/SemiAnalysisAI/InferenceX",
    cadence="daily",
    files=(PATH,),
    key=(*CONFIGURATION, "measurement"),
    provenance=Provenance(
        "InferenceX run {run_id}, {source}",
        confidence="verified",
        reported_on="{known_on}",
        basis="{basis}",
        url="https://github.com/SemiAnalysisAI/InferenceX/actions/runs/{run_id}",
    ),
    tidy=tidy,
    columns={
        "run_id": text(),
        "run_on": day(past=True),
        "run_on_basis": text(choices=("recorded", "interpolated")),
        "hw_label": text(),
        "accelerator": text(),
        "model_id": text(),
        "checkpoint": text(nullable=True),
        "framework": text(),
        "image": text(nullable=True),
        "weight_precision": text(),
        "speculative": text(),
        "disaggregated": flag(),
        "multinode": flag(),
        "gpus": amount(high=100_000),
        "prefill_gpus": amount(nullable=True, high=100_000),
        "decode_gpus": amount(nullable=True, high=100_000),
        "tensor_parallel": amount(nullable=True, high=100_000),
        "expert_parallel": amount(nullable=True, high=100_000),
        "input_tokens": amount(high=1e7),
        "output_tokens": amount(high=1e7),
        "concurrency": amount(high=1e6),
        "measurement": amount(high=1000),
        "total_tokens_per_s_per_gpu": amount(high=1e7),
        "input_tokens_per_s_per_gpu": amount(nullable=True, high=1e7),
        "output_tokens_per_s_per_gpu": amount(nullable=True, high=1e7),
        "published_output_tput_per_gpu": amount(nullable=True, high=1e7),
        "median_interactivity_tokens_per_s_per_user": amount(high=1e5),
        "median_time_to_first_token_s": amount(high=1e5),
        "p99_time_to_first_token_s": amount(high=1e5),
        "median_time_per_output_token_s": amount(high=1e3),
        "median_end_to_end_s": amount(high=1e5),
        "average_power_w_per_gpu": amount(nullable=True, high=10_000),
        "joules_per_total_token": amount(nullable=True, high=1e6),
        "joules_per_output_token": amount(nullable=True, high=1e6),
    },
)
