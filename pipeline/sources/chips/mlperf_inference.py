"""MLPerf Inference (MLCommons), closed division: measured throughput of submitted systems, one row per result."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipeline.sources.base import Provenance, Source, Upstream, amount, day, flag, text
from pipeline.sources.live import MEGABYTE, Live, Request
from pipeline.sources.mlperf import CREDIT, FILES_URL, LICENCE, accelerator_columns, address
from pipeline.sources.responses import document, figure, member, objects, require, text_frame, words

ID = "mlperf_inference"

# Rounds that are read live, with the day of their publication; "2026-09" is some day of that month. A new one is a line.
ROUNDS = {"v6.1": "2026-09"}
FIELDS = {
    "submitter": "Organization",
    "system": "Platform",
    "system_type": "SystemType",
    "status": "Availability",
    "accelerator": "accelerator_model_name",
    "nodes": "number_of_nodes",
    "accelerators_per_node": "accelerators_per_node",
    "accelerator_count": "total_accelerators",
    "model": "Model",
    "scenario": "Scenario",
    "result": "Result",
    "unit": "Units",
}
OTHER_FIELDS = ("Division", "Location", "errors")
UNITS = {"Tokens/s": "tokens_per_second", "Samples/s": "samples_per_second", "Queries/s": "samples_per_second"}
# Their figure counts tokens whatever the label: the summary of v5.1 says samples for whisper, where the logs say tokens.
IN_TOKENS = ("llama", "whisper")
# One request at a time measures a latency, no throughput.
LATENCIES = ("SingleStream", "MultiStream")
# Vision and graphs, which the stored rows leave out.
OTHER_TASKS = ("3d-unet-99", "3d-unet-99.9", "pointpainting", "resnet50", "retinanet", "rgat", "yolov11")


def _repository(round_: str) -> str:
    return f"mlcommons/inference_results_{round_}"


def _result(round_: str, record: Mapping[str, Any]) -> dict[str, str | None]:
    cells = {ours: words(record.get(theirs)) for ours, theirs in FIELDS.items()}
    unit = UNITS.get(cells["unit"] or "", cells["unit"])
    folder = (words(record.get("Location")) or "").removeprefix("./").removesuffix("/performance/run_1")
    return {
        **cells,
        "round": round_,
        "published_on": ROUNDS[round_],
        "unit": "tokens_per_second"
        if unit in UNITS.values() and (cells["model"] or "").startswith(IN_TOKENS)
        else unit,
        "valid": "VALID" if record.get("errors") == "0" else f"errors: {figure(record.get('errors'))}",
        "source_repository": _repository(round_),
        "log_path": f"{folder}/performance/run_1/mlperf_log_summary.txt",
    }


def parse_live(upstream: Upstream) -> pd.DataFrame:
    """The results of the closed division, one row each, as the stored rows have them."""
    rows = []
    for round_ in ROUNDS:
        listed = objects(member(document(upstream.files[round_], ID, round_), "", ID, dict).values())
        require(listed, [*FIELDS.values(), *OTHER_FIELDS], ID)
        rows += [
            _result(round_, record)
            for record in listed
            if record.get("Division") != "open"
            and record.get("Scenario") not in LATENCIES
            and record.get("Model") not in OTHER_TASKS
        ]
    return text_frame(rows, [*FIELDS, "round", "published_on", "valid", "source_repository", "log_path"])


def tidy(listed: pd.DataFrame) -> pd.DataFrame:
    """The words for an accelerator apart, and the address of the result log."""
    repository = listed["source_repository"].str.split().str[0]
    return listed.assign(
        **accelerator_columns(listed["accelerator"]), log_url=address(repository, "blob", listed["log_path"])
    )


SOURCE = Source(
    title="MLPerf Inference: results of the closed division",
    description="Throughput of a whole system by model and scenario, from the submissions' own result logs. A figure per "
    "accelerator is derived, not an official metric.",
    licence=LICENCE,
    credit=CREDIT,
    homepage_url="https://mlcommons.org/benchmarks/inference-datacenter/",
    cadence="half-yearly",
    files=("mlperf_inference/results.csv",),
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
        "published_on": day(past=True, last=True),
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
    live=Live(
        FILES_URL,
        tuple(
            Request(round_, f"/{_repository(round_)}/main/summary.json", max_bytes=20 * MEGABYTE) for round_ in ROUNDS
        ),
        parse_live,
        whole=False,
    ),
)
