"""Answers of MLCommons' repositories and of InferenceX's dashboard, made of the embedded rows after their own layouts."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pandas as pd

from pipeline.settings import PROJECT
from pipeline.sources.chips import inferencex, mlperf_inference, mlperf_training


def _embedded(source_id: str) -> pd.DataFrame:
    return pd.read_csv(PROJECT / "data" / f"{source_id}.csv")


def inference_summary() -> dict[str, bytes]:
    """A round's summary.json: results of v5.1 and, as every round has them, some that are left out."""
    rows = _embedded("mlperf_inference").query("round == 'v5.1' and submitter in ('Lenovo', 'Google', 'Intel')")
    labels = {"tokens_per_second": "Tokens/s", "samples_per_second": "Samples/s"}
    results = []
    for row in rows.to_dict("records"):
        record = {theirs: row[ours] for ours, theirs in mlperf_inference.FIELDS.items()}
        folder = f"./closed/{row['submitter']}/results/{row['system']}/{row['model']}/{row['scenario']}"
        results.append(
            {
                **{name: None if pd.isna(value) else value for name, value in record.items()},
                "Units": "Samples/s" if row["model"] == "whisper" else labels[row["unit"]],
                "Division": "closed",
                "Location": f"{folder}/performance/run_1",
                "errors": 0,
                "notes": "a note",
            }
        )
    return {"v6.1": json.dumps({str(number): result for number, result in enumerate(results)}).encode()}


def training_summary() -> dict[str, bytes]:
    """A round's summary_detailed.csv: a line per system of v5.1, five columns per benchmark."""
    rows = (
        _embedded("mlperf_training")
        .dropna(subset=["minutes_to_train"])
        .query("round == 'v5.1' and benchmark_family.str.startswith('llama31')")
    )
    metrics = ("time_to_train", "Energy", "GBS", "samples_to_converge", "RCP", "rcp_scaling_factor")
    benchmarks = sorted(rows["benchmark"].unique())
    words = {ours: theirs for theirs, ours in mlperf_training.STATUS.items()}
    lines = []
    for (submitter, system), results in rows.groupby(["submitter", "system"], sort=False):
        first = results.iloc[0]
        line: dict[str, Any] = {
            "division": first["division"],
            "availability": words[first["status"]] if first["status"] in words else first["status"],
            "submitter": submitter,
            "system": f"{system} in words",
            "number_of_nodes": int(first["nodes"]),
            "accelerator_model_name": first["accelerator"],
            "accelerators_count": int(first["accelerators"]),
            "framework": "a framework",
            **{f"{benchmark}:{metric}": "" for benchmark in benchmarks for metric in metrics},
            "details_url": f"https://github.com/mlcommons/training_results_v6/blob/main/{submitter}/systems/{system}.json",
        }
        for result in results.to_dict("records"):
            line[f"{result['benchmark']}:time_to_train"] = result["minutes_to_train"]
            line[f"{result['benchmark']}:GBS"] = result["global_batch_size"]
            line[f"{result['benchmark']}:samples_to_converge"] = result["progress_at_stop_median"]
            line[f"{result['benchmark']}:RCP"] = "Pass"
        lines.append(line)
    out = io.StringIO()
    writer = csv.DictWriter(out, lines[0], lineterminator="\n")
    writer.writeheader()
    writer.writerows(lines)
    return {"v6.0": out.getvalue().encode()}


def dashboard() -> dict[str, bytes]:
    """The dashboard's answers: runs of one day, prefill and decode apart in the disaggregated ones."""
    rows = _embedded("inferencex")
    rows = rows[rows["output_tokens_per_s_per_gpu"].notna() & rows["tensor_parallel"].notna()]
    keys = {ours: theirs for theirs, ours in inferencex.KEYS.items()}
    answers = {}
    for name, model in zip(inferencex.MODELS, inferencex.KEYS.values(), strict=True):
        of = rows[rows["model_id"] == model]
        alone, apart = of[~of["disaggregated"]], of[of["disaggregated"]]
        records = []
        for row in pd.concat([alone.tail(40), apart.tail(8)]).to_dict("records"):
            gpus = (row["prefill_gpus"], row["decode_gpus"]) if row["disaggregated"] else (row["gpus"], row["gpus"])
            parts = row["input_tokens_per_s_per_gpu"], row["output_tokens_per_s_per_gpu"]
            if row["disaggregated"]:
                parts = tuple(part * row["gpus"] / own for part, own in zip(parts, gpus, strict=True))
            metrics = {theirs: row[ours] for ours, theirs in inferencex.METRICS.items() if pd.notna(row[ours])}
            metrics |= {"input_tput_per_gpu": parts[0], "output_tput_per_gpu": parts[1]}
            record = {theirs: row[ours] for ours, theirs in inferencex.FIELDS.items()}
            records.append(
                {
                    **{key: None if pd.isna(value) else value for key, value in record.items()},
                    "model": keys[model],
                    "num_prefill_gpu": gpus[0],
                    "num_decode_gpu": gpus[1],
                    "metrics": metrics,
                    "run_url": f"https://github.com/SemiAnalysisAI/InferenceX/actions/runs/{row['run_id']}/attempts/1",
                }
            )
        answers[name] = json.dumps(records).encode()
    return answers
