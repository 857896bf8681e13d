"""InferenceX (InferenceMAX until 2025): nightly measured throughput and latency of LLM inference by accelerator."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pandas as pd

from pipeline.sources.base import Provenance, Source, Upstream, amount, day, flag, numbered, plus_days, text
from pipeline.sources.live import MEGABYTE, Live, Request
from pipeline.sources.responses import decimal, document, figure, member, objects, plain, require, text_frame, words

ID = "inferencex"
CREDIT = "SemiAnalysis InferenceX"
# Models that the dashboard is asked for, by its name of them; its answers use a key, which has another name here.
MODELS = ("DeepSeek-R1-0528", "gpt-oss-120b")
KEYS = {"dsr1": "deepseek-r1-0528", "gptoss120b": "gpt-oss-120b"}
# The answer's field for a column, where the column is not computed; METRICS are those within "metrics".
FIELDS = {
    "hw_label": "hardware",
    "framework": "framework",
    "image": "image",
    "weight_precision": "precision",
    "speculative": "spec_method",
    "disaggregated": "disagg",
    "multinode": "is_multinode",
    "tensor_parallel": "decode_tp",
    "expert_parallel": "decode_ep",
    "input_tokens": "isl",
    "output_tokens": "osl",
    "concurrency": "conc",
    "run_on": "date",
}
OTHER_FIELDS = ("model", "metrics", "run_url", "num_prefill_gpu", "num_decode_gpu")
METRICS = {
    "total_tokens_per_s_per_gpu": "tput_per_gpu",
    "published_output_tput_per_gpu": "output_tput_per_gpu",
    "median_interactivity_tokens_per_s_per_user": "median_intvty",
    "median_time_to_first_token_s": "median_ttft",
    "p99_time_to_first_token_s": "p99_ttft",
    "median_time_per_output_token_s": "median_tpot",
    "median_end_to_end_s": "median_e2el",
    "average_power_w_per_gpu": "avg_power_w",
    "joules_per_total_token": "joules_per_total_token",
}
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


def _six_digits(value: Any) -> str | None:
    """A figure as the stored rows write it. What is no number stays visible, for the contract to reject."""
    number = decimal(value)
    return figure(value) if number is None else plain(Decimal(f"{number:.6g}"))


def split(total: Decimal, input_: Decimal, output: Decimal, gpus: tuple[Decimal, Decimal]) -> tuple[Decimal, Decimal]:
    """Prefill and decode GPUs of a disaggregated run, of which upstream gives input tokens per second per prefill GPU
    and output per decode GPU.

    Early rows state all GPUs twice. What they were then follows from the total: prefill x input + decode x output = all.
    """
    prefill, decode = gpus
    if prefill != decode or abs(prefill * input_ + decode * output - 2 * prefill * total) < total * prefill / 50:
        return gpus
    if input_ == output:
        return gpus
    found = (prefill * (total - output) / (input_ - output)).quantize(Decimal(1))
    return found, prefill - found


def _per_gpu(record: Mapping[str, Any], metrics: Mapping[str, Any]) -> dict[str, str | None]:
    """GPUs, and input and output tokens per second over all of them."""
    given = [metrics.get(name) for name in ("tput_per_gpu", "input_tput_per_gpu", "output_tput_per_gpu")]
    prefill, decode = decimal(record.get("num_prefill_gpu")), decimal(record.get("num_decode_gpu"))
    names = ("gpus", "input_tokens_per_s_per_gpu", "output_tokens_per_s_per_gpu")
    if record.get("disagg") is not True:
        # The count of GPUs is tensor by expert parallelism there, which share the same GPUs.
        return dict(zip(names, (figure(record.get("decode_tp")), *map(_six_digits, given[1:])), strict=True))
    total, input_, output = map(decimal, given)
    if prefill is None or decode is None or total is None or input_ is None or output is None or prefill + decode <= 0:
        return dict.fromkeys(names, f"cannot be split: {figure(given)}")
    prefill, decode = split(total, input_, output, (prefill, decode))
    parts = prefill / (prefill + decode) * input_, decode / (prefill + decode) * output
    return {
        **dict(zip(names, (plain(prefill + decode), *map(_six_digits, parts)), strict=True)),
        "prefill_gpus": plain(prefill),
        "decode_gpus": plain(decode),
    }


def _measured(record: Mapping[str, Any]) -> dict[str, str | None]:
    metrics = member(record.get("metrics") or {}, "", ID, dict)
    run = re.search(r"/actions/runs/(\d+)", words(record.get("run_url")) or "")
    cells = {
        **{ours: words(record.get(theirs)) for ours, theirs in FIELDS.items()},
        **{ours: _six_digits(metrics.get(theirs)) for ours, theirs in METRICS.items()},
        **_per_gpu(record, metrics),
    }
    # Upstream's own joules per output token leave the prefill GPUs out.
    watts, output = decimal(cells["average_power_w_per_gpu"]), decimal(cells["output_tokens_per_s_per_gpu"])
    model = words(record.get("model"))
    return {
        **cells,
        "run_id": run[1] if run else None,
        "run_on_basis": "recorded",
        "accelerator": cells["hw_label"] and re.split("[-_]", cells["hw_label"])[0],
        "model_id": KEYS.get(model or "", model),
        "image": cells["image"] and cells["image"].split("/")[-1],
        "joules_per_output_token": _six_digits(watts / output) if watts is not None and output else None,
        "source": "dashboard answer",
    }


def parse_live(upstream: Upstream) -> pd.DataFrame:
    """The newest measurement of every configuration of each model. Traces of agents have no fixed lengths: left out."""
    rows = []
    for name in MODELS:
        listed = objects(member(document(upstream.files[name], ID, name), "", ID))
        require(listed, [*FIELDS.values(), *OTHER_FIELDS], ID)
        given = [member(record.get("metrics") or {}, "", ID, dict) for record in listed]
        require(given, [*METRICS.values()][:7], ID)
        rows += [_measured(record) for record in listed if record.get("benchmark_type") != "agentic_traces"]
    return text_frame(rows, [*SOURCE.columns, "model_path", "source"])


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
    title="InferenceX (InferenceMAX): measured LLM inference by accelerator",
    description="Throughput against speed for the user by accelerator, model, framework, precision and concurrency, with "
    "measured power in some runs. Throughput is per GPU over all GPUs, prefill and decode together.",
    licence="Apache-2.0 (benchmark); results are facts",
    credit=CREDIT,
    homepage_url="https://github.com/SemiAnalysisAI/InferenceX",
    cadence="daily",
    files=("inferencemax/results.csv",),
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
    live=Live(
        "https://inferencex.semianalysis.com",
        tuple(Request(name, f"/api/v1/benchmarks?model={name}", max_bytes=50 * MEGABYTE) for name in MODELS),
        parse_live,
        # The runs' own artifacts want a GitHub token; the dashboard serves the same rows to anyone, but of each configuration
        # only the newest.
        whole=False,
    ),
)
